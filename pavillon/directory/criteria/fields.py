"""What can be asked of a company or a person: typed fields, registered by the rooms that own them.

A field never holds a question, only how one is asked: its kind says which operators it knows, its path where the value
is, and `governed` which cells of the privilege matrix must be readable by whoever asks. A field that a person may not
read cannot be asked, sorted by or counted: it does not exist for him.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import WHOLE, may_read


class Kind(StrEnum):
    """What a value is, hence what can be asked of it."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    TRUTH = "truth"
    DEEDS = "deeds"


# The operators of each kind, in the order of the rule builder; the first is the one proposed.
OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("contains", "begins", "is", "empty", "filled"),
    Kind.NUMBER: ("between", "inside", "above", "least", "below", "most", "is", "empty", "filled"),
    Kind.MONEY: ("above", "below", "between", "inside", "least", "most", "is", "empty", "filled"),
    Kind.DATE: ("last", "older", "after", "before", "between", "on", "empty", "filled"),
    Kind.CHOICE: ("in", "not_in", "empty", "filled"),
    Kind.TRUTH: ("yes", "no"),
    Kind.DEEDS: ("did", "did_not"),
}
OPERATOR_WORDS = {
    "contains": _("contains"),
    "begins": _("begins with"),
    "is": _("is exactly"),
    "empty": _("is not known"),
    "filled": _("is known"),
    "between": _("between (both included)"),
    "inside": _("strictly between (both excluded)"),
    "above": _("more than"),
    "least": _("at least"),
    "below": _("less than"),
    "most": _("at most"),
    "last": _("within the last … days"),
    "older": _("more than … days ago"),
    "after": _("after"),
    "before": _("before"),
    "on": _("on"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "yes": _("yes"),
    "no": _("no"),
    "did": _("happened"),
    "did_not": _("did not happen"),
}
# Operators that ask nothing more.
BARE = frozenset({"empty", "filled", "yes", "no"})
# Operators that take two values.
PAIRS = frozenset({"between", "inside"})


@dataclass(frozen=True)
class Names:
    """The table that names the values of a choice: `key` is what is stored, `label` what is read."""

    model: type[Model]
    key: str = "pk"
    label: str = ""
    narrow: Q | None = None
    # Only names that the reader may see: tags of an organisation, lists of colleagues.
    is_private: bool = False

    def rows(self, user: Any = None) -> QuerySet:
        manager: Any = self.model._default_manager
        if self.is_private:
            return manager.visible_to(user) if user is not None else manager.none()
        return manager.filter(self.narrow) if self.narrow else manager.all()

    @property
    def label_path(self) -> str:
        return self.label or ("name_fr" if (get_language() or "fr").startswith("fr") else "name_en")


@dataclass(frozen=True)
class Ask:
    """One question being compiled: who asks, and how the subject is reached from the row being filtered."""

    op: str
    value: Any
    user: Any
    prefix: str = ""
    # Asked row by row along an index rather than of the whole base at once.
    one_by_one: bool = False
    # Inside a "not": what it finds is what will be left out.
    is_denied: bool = False

    @property
    def key(self) -> str:
        """The column that holds the subject's key, for a correlated subquery."""
        return f"{self.prefix.removesuffix('__')}_id" if self.prefix else "pk"


@dataclass(frozen=True)
class Field:
    """One thing that can be asked.

    `path` is the ORM path from the subject. With `rows` the value lies in other rows: `rows(user)` are those that the
    person may see and `link` their path to the subject; a question becomes a semi-join. `condition(ask)` replaces both
    when neither says it. `moment` and `sort_path` (the kind of deed) belong to DEEDS. A CHOICE has `options` (fixed) or
    `names` (a table); `is_long` tables are searched, not listed. `opens` allows a person to use it at all.
    """

    name: str
    label: Any
    kind: Kind
    section: Any
    path: str = ""
    governed: tuple[tuple[type[Model], str], ...] = ()
    options: Callable[[], Sequence[tuple[str, Any]]] | None = None
    names: Names | None = None
    is_long: bool = False
    rows: Callable[[Any], QuerySet] | None = None
    link: str = "company"
    moment: str = ""
    sort_path: str = ""
    condition: Callable[[Ask], Q] | None = None
    opens: Callable[[Any], bool] | None = None
    is_facet: bool = False
    unit: str = ""
    has_empty: bool = True
    is_whole: bool = True
    subject_prefix: str = ""
    # When it cannot be asked everything that its kind can: the middle of a number says nothing.
    knows: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        known = self.knows or OPERATORS[self.kind]
        return known if self.has_empty else tuple(op for op in known if op not in ("empty", "filled"))

    def is_open_to(self, user: Any) -> bool:
        """Whether this person may ask it: every governed field is readable, and its room agrees."""
        readable = all(may_read(user, model, name) for model, name in self.governed)
        return readable and (self.opens is None or self.opens(user))


_fields: dict[str, dict[str, Field]] = {}
_borrowed: dict[str, list[tuple[type[Model], str, Any]]] = {}


def add_fields(subject: type[Model], *fields: Field) -> None:
    """Let people ask these of a subject. Called once, in the `criteria` of the room that owns the values."""
    known = _fields.setdefault(subject._meta.label_lower, {})
    for field in fields:
        if field.name in known:
            raise ValueError(f"{field.name} can be asked of {subject._meta.label} already")
        known[field.name] = field


def borrow_fields(subject: type[Model], *, of: type[Model], path: str, label: Any) -> None:
    """Let the fields of another subject be asked through a foreign key: `company_region` of a contact."""
    _borrowed.setdefault(subject._meta.label_lower, []).append((of, path, label))


def all_fields(subject: type[Model]) -> dict[str, Field]:
    """Everything that can be asked of a subject, whoever asks, by name."""
    found = dict(_fields.get(subject._meta.label_lower, {}))
    for other, path, label in _borrowed.get(subject._meta.label_lower, []):
        for field in _fields.get(other._meta.label_lower, {}).values():
            governed = ((other, WHOLE), *field.governed)
            found[f"{path}_{field.name}"] = replace(
                field,
                name=f"{path}_{field.name}",
                subject_prefix=f"{path}__{field.subject_prefix}",
                governed=governed,
                section=label if field.section is None else field.section,
            )
    return found


def fields_for(subject: type[Model], user: Any) -> dict[str, Field]:
    """What one person may ask of a subject, by name, in the order of registration."""
    return {name: field for name, field in all_fields(subject).items() if field.is_open_to(user)}
