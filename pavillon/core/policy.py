"""Role × object × field: what a person may write, read or never see, as data.

The `security` room stores the matrix and provides it (`provide`); every queryset, form, template, export and
endpoint asks here. Without a provider everything is writable: the rules of `permissions.py` still hold.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q

WHOLE = "*"


class Level(IntEnum):
    """How far one may go with an object or a field; a lower level always wins over a wider one."""

    FORBIDDEN = 0
    READ = 1
    WRITE = 2


Cells = Mapping[tuple[str, str], Level]


@dataclass(frozen=True)
class Policy:
    """The cells that bind one person: {("directory.company", "turnover"): Level.READ, …}.

    `of_owner` are those that bind him on the records that he owns himself (`owned_by`), before the others.
    """

    cells: Cells = field(default_factory=dict)
    of_owner: Cells = field(default_factory=dict)
    user: Any = None
    _owned: dict[type[Model], Set[Any]] = field(default_factory=dict)

    def level(self, model: type[Model] | Model, name: str = WHOLE) -> Level:
        """The level on one field, never above that of its object. `sector_id` is `sector` under another name.

        Of a record, what binds on it. Of a model, what holds on each of its records that the person sees: where he may
        go further on his own ones, only the record says so.
        """
        if not self.has_owner_cells(model):
            return self._level(self.cells, model, name)
        if isinstance(model, Model):
            return self._level(self.on_own if self.owns(model) else self.cells, model, name)
        sides = [cells for cells in (self.cells, self.on_own) if self._level(cells, model, WHOLE) > Level.FORBIDDEN]
        return min((self._level(cells, model, name) for cells in sides), default=Level.FORBIDDEN)

    def at_best(self, model: type[Model] | Model, name: str = WHOLE) -> Level:
        """The level on the records where the person may go furthest: for a new one, a button, a menu."""
        return max(self._level(self.cells, model, name), self._level(self.on_own, model, name))

    def has_owner_cells(self, model: type[Model] | Model) -> bool:
        return bool(self.of_owner) and any(label == model._meta.label_lower for label, _name in self.of_owner)

    @cached_property
    def on_own(self) -> Cells:
        return {**self.cells, **self.of_owner}

    def owns(self, row: Model) -> bool:
        """Whether the record is the person's own: one statement a model, the first time that somebody asks."""
        model = type(row)
        if model not in self._owned:
            self._owned[model] = set(own_rows(model._default_manager.all(), self.user).values_list("pk", flat=True))
        return row.pk in self._owned[model]

    def _level(self, cells: Cells, model: type[Model] | Model, name: str) -> Level:
        label = model._meta.label_lower
        whole = cells.get((label, WHOLE), Level.WRITE)
        if name == WHOLE or not cells:
            return whole
        name = _line_of(model._meta.model, name)
        level = cells.get((label, name), Level.WRITE)
        return min(whole, max(level, Level.READ) if (label, name) in _names else level)


_provider: Callable[[Any], Policy] = lambda user: Policy()  # noqa: E731
_governed: dict[type[Model], tuple[str, ...]] = {}
_along: dict[tuple[str, str], str] = {}
_names: set[tuple[str, str]] = set()
_owners: dict[type[Model], list[Callable[[Any], Q]]] = {}


def provide(provider: Callable[[Any], Policy]) -> None:
    """Say where policies come from; called once by `security`."""
    global _provider
    _provider = provider


def governs(
    model: type[Model], *, fields: Iterable[str], names: Iterable[str] = (), along: Mapping[str, str] | None = None
) -> None:
    """Put an object and its fields on the privilege matrix.

    `names` are the fields by which the object is called wherever it stands: they may be locked, not hidden; who must
    not know the name is forbidden the object. `along` names fields that say the same as a governed one, or give it
    away, and follow its level.
    """
    _governed[model] = tuple(fields)
    _names.update((model._meta.label_lower, name) for name in names)
    _along.update({(model._meta.label_lower, name): leader for name, leader in (along or {}).items()})
    _line_of.cache_clear()


def owned_by(model: type[Model], condition: Callable[[Any], Q]) -> None:
    """Say which records of a governed object are somebody's own: `condition(user) -> Q`. Several ones add up."""
    _owners.setdefault(model, []).append(condition)


def has_owners(model: type[Model]) -> bool:
    return model in _owners


def own_rows(rows: Any, user: Any) -> Any:
    """Those of `rows` that are the person's own."""
    conditions = [condition(user) for condition in _owners.get(rows.model, ())]
    return rows.filter(pk__in=rows.model._default_manager.filter(reduce(or_, conditions, Q(pk=None))).values("pk"))


def readable_rows(rows: Any, user: Any) -> Any:
    """`rows` without those that the matrix forbids this person as a whole."""
    policy, model = policy_of(user), rows.model
    if not policy.has_owner_cells(model):
        return rows if policy.level(model) > Level.FORBIDDEN else rows.none()
    others, own = (policy._level(cells, model, WHOLE) > Level.FORBIDDEN for cells in (policy.cells, policy.on_own))
    if others and own:
        return rows
    mine = own_rows(model._default_manager.all(), user).values("pk")
    return rows.filter(pk__in=mine) if own else rows.exclude(pk__in=mine) if others else rows.none()


def may_hide(label: str, name: str) -> bool:
    """Whether a line of the matrix ("directory.company", "turnover") may be forbidden."""
    return (label, name) not in _names


def governed_name(model: type[Model] | Model, name: str) -> str:
    """The line of the matrix that a column belongs to: `next_step_on` follows `next_step`."""
    return _line_of(model._meta.model, name)


@cache
def _line_of(model: type[Model], name: str) -> str:
    with contextlib.suppress(FieldDoesNotExist):  # a computed value: only `along` can tie it to a line
        name = model._meta.get_field(name).name
    return _along.get((model._meta.label_lower, name), name)


def governed() -> dict[type[Model], tuple[str, ...]]:
    """The lines of the privilege matrix."""
    return dict(sorted(_governed.items(), key=lambda item: item[0]._meta.label_lower))


def policy_of(user: Any) -> Policy:
    """The policy of one person, loaded once a request (it lives on the user object of that request)."""
    known = getattr(user, "_policy", None)
    if known is None:
        known = _provider(user)
        user._policy = known
    return known


def may_read(user: Any, model: type[Model] | Model, name: str = WHOLE) -> bool:
    return policy_of(user).level(model, name) >= Level.READ


def may_write(user: Any, model: type[Model] | Model, name: str = WHOLE) -> bool:
    return policy_of(user).level(model, name) >= Level.WRITE


def may_write_some(user: Any, model: type[Model] | Model, name: str = WHOLE) -> bool:
    """Whether there can be a record of this kind that the person may write: a new one, or one of his own."""
    return policy_of(user).at_best(model, name) >= Level.WRITE


def readable(user: Any, model: type[Model] | Model, names: Iterable[str]) -> list[str]:
    """Those of `names` that this person may see, in their order."""
    return [name for name in names if may_read(user, model, name)]


def bind_form(form: Any, user: Any, model: type[Model], *, row: Model | None = None, is_new: bool = False) -> None:
    """Take forbidden fields out of a form and lock those that may only be read.

    Call at the end of a form's `__init__`; a locked field keeps its initial value whatever is posted. `row` is the
    record that the form changes; of a new one (`is_new`), the person will be the owner.
    """
    ask = policy_of(user).at_best if is_new and row is None else policy_of(user).level
    for name in list(form.fields):
        level = ask(row if row is not None else model, name)
        if level is Level.FORBIDDEN:
            del form.fields[name]
        elif level is Level.READ:
            form.fields[name].disabled = True
