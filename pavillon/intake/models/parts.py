"""Kinds of files: besides companies with their people, what hangs on companies, each kind with its own columns.

A room that owns such rows writes a `PartKind` and registers it; rehearsal, take-over, reconciliation and undoing are
the same for all of them.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_aware, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import Organisation, User
from pavillon.core.permissions import is_allowed
from pavillon.directory.models import Company, Contact, Source
from pavillon.intake.columns import TARGETS, BadValue, Target, parsing
from pavillon.intake.columns.targets import Cell
from pavillon.intake.enums import COMPANIES, Subject

__all__ = [
    "Asked", "BadValue", "Bringing", "Cell", "PartKind", "Target", "add_kind", "amount_of", "choice_of", "code_of",
    "date_of", "kept_value", "kind_of", "kinds", "moment_of", "paragraphs_of", "part", "targets_for", "text_of",
    "time_of", "yes_of",
]  # fmt: skip

# Which company, and which person, a row is about: the same columns in every file.
COMPANY_COLUMNS = (
    "company.key", "company.siren", "company.vat_number", "company.national_number", "company.name",
    "company.postal_code", "company.town", "company.country",
)  # fmt: skip
PERSON_COLUMNS = (
    "contact.key", "contact.first_name", "contact.last_name", "contact.full_name", "contact.email", "contact.phone",
)  # fmt: skip


@dataclass
class Asked:
    """One row on its way in: whose it is, what it says, and, when it cannot be taken, why (`problem`).

    `values` are columns of the kind's model as Python values; `complete` may put related rows in their place.
    """

    line: int
    company: Company | None
    contact: Contact | None
    values: dict[str, Any]
    company_name: str = ""
    town: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Bringing:
    """On whose behalf a file is taken in."""

    source: Source
    organisation: Organisation
    by: User
    observed_on: date
    legal_basis: str


class PartKind:
    """What one kind of file brings, and how. `key` is the word of addresses and of the export."""

    key: str = ""
    label: Any = ""
    model: type[Model]
    # What one must be allowed to do by hand before one may bring such a file; "": whoever brings files of companies.
    permission: str = ""
    columns: tuple[Target, ...] = ()
    # What two lines are compared by, and what undoing puts back: columns of the model.
    compared: tuple[str, ...] = ()
    # What else tells that somebody worked on a row since a file made it: then it is not taken back.
    watched: tuple[str, ...] = ()
    # The column that says whose a row is that belongs to no company of the base; "": every row names a company.
    stands_for_company: str = ""
    names_people = False
    needs_person = False
    # Read by one organisation only: nobody else sees the cells of such a file, keepers of the base included.
    is_private = False
    # What the owning room raises when it does not want a row; its words are the reason.
    refusals: tuple[type[Exception], ...] = ()

    def may_bring(self, user: User) -> bool:
        return not self.permission or is_allowed(user, self.permission, None)

    def complete(self, asked: Sequence[Asked], bringing: Bringing) -> None:
        """Find related rows for many at once; a row that cannot be taken gets its `problem`."""

    def mark(self, values: dict[str, Any]) -> Hashable:
        """Which one of a company's (and person's) rows is meant: two lines with one mark speak of the same."""
        raise NotImplementedError

    def known(self, asked: Sequence[Asked]) -> dict[int, Any]:
        """The rows that the base has already, by line."""
        raise NotImplementedError

    def add(self, asked: Sequence[Asked], bringing: Bringing) -> list[Any]:
        """Write new rows, many at once, in their order."""
        raise NotImplementedError

    def change(self, part: Any, values: dict[str, Any], bringing: Bringing) -> None:
        """Write columns of a known row."""
        raise NotImplementedError

    def remove(self, part: Any, by: User) -> None:
        """Take back a row that a wrong file made."""
        raise NotImplementedError

    def is_ruled(self, part: Any) -> str:
        """Why nobody's file may change this row, "" when one may."""
        return ""

    @property
    def targets(self) -> dict[str, Target]:
        """What columns of such a file can become, by key."""
        shared = [*COMPANY_COLUMNS, *(PERSON_COLUMNS if self.names_people else ())]
        return {one.key: one for one in self.columns} | {key: _identity(TARGETS[key]) for key in shared}

    def said(self, part: Any, names: Iterable[str] = ()) -> dict[str, Any]:
        """What a row says in these columns (all that are compared or watched), as JSON keeps it."""
        names = names or (*self.compared, *self.watched)
        return {name: kept_value(getattr(part, _attribute(self.model, name))) for name in names}

    def restored(self, said: dict[str, Any]) -> dict[str, Any]:
        """Columns and values that `change` takes, from what `said` told."""
        found: dict[str, Any] = {}
        for name, value in said.items():
            column: Any = self.model._meta.get_field(name)
            if value is None:
                found[name] = None if column.null else column.get_default()
            elif column.is_relation:
                found[name] = column.related_model._default_manager.get(pk=value)
            else:
                found[name] = column.to_python(value)
        return found


def _identity(target: Target) -> Target:
    """The same column where it only finds the company or the person: it has no policy. Also under its stable name."""
    subject = "person" if target.subject == Subject.CONTACT else target.subject
    stable = f"{subject} {target.column}".replace("_", " ")
    return Target(target.key, target.label, target.read, (*target.names, stable), True)


def _attribute(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "attname", name))


def kept_value(value: Any) -> Any:
    """A value as JSON keeps it and as two are compared; what says nothing is None."""
    if isinstance(value, Model):
        value = value.pk
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.astimezone(get_current_timezone()).isoformat() if is_aware(value) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.strip() if isinstance(value, str) else value


_kinds: dict[str, PartKind] = {}


def add_kind(kind: PartKind) -> None:
    """Let files of this kind be brought."""
    if kind.key in _kinds:
        raise ValueError(f"Files of {kind.key} are known already")
    _kinds[kind.key] = kind


def kind_of(key: str) -> PartKind | None:
    """The kind of a file, None for companies with their people. Raises KeyError for none that is known."""
    return None if key == COMPANIES else _kinds[key]


def kinds() -> dict[str, Any]:
    """{key: label} of all kinds of files, companies first."""
    named = {COMPANIES: gettext_lazy("Companies and their people")}
    return named | {key: kind.label for key, kind in _kinds.items()}


def targets_for(key: str) -> dict[str, Target]:
    """What a column of such a file can become."""
    kind = kind_of(key)
    return TARGETS if kind is None else kind.targets


# How cells of these kinds are read: each gives what a `Target` reads with.


def text_of(longest: int) -> Callable[[Cell], Any]:
    return lambda cell: parsing.read_text(cell.text, longest)


def paragraphs_of(longest: int) -> Callable[[Cell], Any]:
    """Text of several lines."""

    def read(cell: Cell) -> str:
        lines = [" ".join(line.split()) for line in cell.text.replace("\0", "").strip().splitlines()]
        text = "\n".join(lines)
        if len(text) > longest:
            parsing.read_text(text, longest)
        return text

    return read


def choice_of(choices: type[TextChoices]) -> Callable[[Cell], Any]:
    return lambda cell: parsing.read_choice(cell.text, choices)


def code_of(known: str, what: Any) -> Callable[[Cell], Any]:
    """A line of the reference data that `Known` has under this name."""
    return lambda cell: parsing.read_code(cell.text, getattr(cell.known, known), str(what))


def date_of(cell: Cell) -> date:
    return parsing.read_date(cell.text)


def yes_of(cell: Cell) -> bool:
    return parsing.read_yes(cell.text)


def amount_of(cell: Cell) -> int:
    return int(parsing.read_whole(cell.text))


def time_of(cell: Cell) -> time:
    """An hour written as 14:30."""
    try:
        return time.fromisoformat(cell.text.strip().replace("h", ":"))
    except ValueError:
        raise BadValue(_("“%(value)s” is not an hour. Write it as 14:30.") % {"value": cell.text.strip()}) from None


def moment_of(cell: Cell) -> datetime:
    """A day with its hour: 2026-11-22T14:30, or 22/11/2026 14:30; without an hour, noon. Local without a zone."""
    text = cell.text.strip()
    found = parse_datetime(text)
    if found is None:
        hour = text.replace("T", " ").partition(" ")[2].strip()
        day = parsing.read_date(text)
        try:
            found = datetime.combine(day, time.fromisoformat(hour) if hour else time(12))
        except ValueError:
            raise BadValue(_("“%(value)s” is not a moment. Write it as 22/11/2026 14:30.") % {"value": text}) from None
    return found if is_aware(found) else make_aware(found)


def part(
    key: str, label: Any, read: Callable[[Cell], Any], names: tuple[str, ...], *, is_identity: bool = False
) -> Target:
    """A column that tells something of the part itself."""
    return Target(f"{Subject.PART}.{key}", label, read, names, is_identity)
