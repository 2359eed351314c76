"""What pages show of a file: its cells for those who may read them, its counts, its rows with their reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import Verdict, groups_of
from pavillon.directory.queries.card import label_of, spoken
from pavillon.intake.enums import Outcome, Subject
from pavillon.intake.models import Delivery, DeliveryRow, Layout
from pavillon.intake.models.deliveries import signature_of
from pavillon.intake.models.parts import kind_of, targets_for
from pavillon.ui.exports import Column

HIDDEN = "•••"
# Columns of a target that the privilege matrix knows under another name.
GOVERNED_AS = {
    "town": "address",
    "postal_code": "address",
    "country": "address",
    "key": "name",
    "full_name": "last_name",
}
PEOPLE = ("first_name", "last_name", "email", "phone", "job_title")


class Sight:
    """Which columns of a file a person may read: as the cards that they become; unnamed ones as people's data."""

    def __init__(self, user: User, delivery: Delivery) -> None:
        self.user, self.delivery = user, delivery
        kind = kind_of(delivery.kind)
        # What one organisation keeps to itself is not read in its file either, not even by keepers of the base.
        is_closed = kind is not None and kind.is_private and delivery.organisation_id != _place_of(user)
        self.targets = targets_for(delivery.kind)
        sees_people = all(may_read(user, Contact, name) for name in PEOPLE)
        self.open = {name for name in delivery.header if not is_closed and self._sees(name, sees_people)}

    def _sees(self, column: str, sees_people: bool) -> bool:
        target = self.targets.get(self.delivery.mapping.get(column, {}).get("target", ""))
        if target is None:
            return sees_people or self.user.pk == self.delivery.brought_by_id
        if target.subject == Subject.ROW:
            return True
        kind = kind_of(self.delivery.kind)
        if target.subject == Subject.PART and kind is not None:
            return may_read(self.user, kind.model, target.column)
        model = Contact if target.subject == Subject.CONTACT else Company
        return may_read(self.user, model, GOVERNED_AS.get(target.column, target.column))

    def cells(self, cells: Iterable[str]) -> list[str]:
        """The cells of one row, in the order of the header, those not for this person veiled."""
        named = zip(self.delivery.header, cells, strict=False)
        return [cell if not cell or name in self.open else HIDDEN for name, cell in named]

    def reads(self, model: type[Model], name: str) -> bool:
        """Whether what a file says of this column of a part may be shown."""
        return bool(self.open) and may_read(self.user, model, name)

    def message(self, told: str) -> str:
        """A reason that names a column and repeats its cell: the column alone when its cells are veiled."""
        column = next((name for name in self.delivery.header if told.startswith(f"{name}: ")), "")
        return _("%(column)s: restricted") % {"column": column} if column and column not in self.open else told


def _place_of(user: User) -> int | None:
    return user.organisation.pk if user.organisation else None


def is_remembered(delivery: Delivery) -> bool:
    """Whether the columns of such files of this source were named before."""
    return Layout.objects.filter(
        source=delivery.source, signature=signature_of(delivery.header, delivery.kind)
    ).exists()


@dataclass(frozen=True)
class Count:
    """One line of a report: how many rows were foreseen, and how many done, with this outcome."""

    outcome: Outcome
    label: str
    foreseen: int
    done: int | None

    @property
    def differs(self) -> bool:
        return self.done is not None and self.done != self.foreseen


def counts_of(delivery: Delivery) -> list[Count]:
    """The outcomes of a file, foreseen and, after the take-over, done."""
    taken = delivery.taken
    return [
        Count(
            outcome,
            outcome.told(delivery.kind),
            delivery.rehearsed.get(outcome.value, 0),
            taken.get(outcome.value, 0) if taken else None,
        )
        for outcome in Outcome
        if outcome.value
    ]


@dataclass
class Change:
    """One field of a card: what it says, what the file says, what becomes of it and why."""

    label: str
    verdict: str
    why: str
    before: str = ""
    after: str = ""

    @property
    def told(self) -> str:
        return {
            Verdict.APPLIED.value: pgettext("of a value of a file", "Taken"),
            Verdict.KEPT.value: pgettext("of a value of a file", "Set aside"),
            Verdict.CONFLICT.value: pgettext("of a value of a file", "To be chosen by a person"),
        }.get(self.verdict, self.verdict)


@dataclass
class RowView:
    """A row as its line of the report shows it. `cells` are (column, text), the empty ones left out."""

    row: DeliveryRow
    cells: list[tuple[str, str]]
    reasons: list[str]
    refused: str = ""
    changes: list[Change] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return Outcome(self.row.outcome).told(self.row.delivery.kind)

    @property
    def taken(self) -> str:
        return Outcome(self.row.taken_outcome).told(self.row.delivery.kind)

    @property
    def title(self) -> str:
        """The first readable words of the row: how a person recognises it."""
        names = [self._cell(key) for key in ("company.name", "company.siren", "contact.last_name")]
        return next((cell for cell in [*names, *(text for _name, text in self.cells)] if cell and cell != HIDDEN), "")

    def _cell(self, key: str) -> str:
        mapping = self.row.delivery.mapping
        wanted = next((name for name, chosen in mapping.items() if chosen.get("target") == key), "")
        return next((text for name, text in self.cells if name == wanted), "")


def rows_for(rows: Iterable[DeliveryRow], sight: Sight) -> list[RowView]:
    """Rows with their cells, reasons and fields as this person may read them; a few statements for all together."""
    shown, told = [], []
    for row in rows:
        row.delivery = sight.delivery
        cells = row.cells
        ordered = [str(cells.get(name, "")) for name in sight.delivery.header]
        report = row.report
        reasons = [sight.message(one) for one in [*report.get("reasons", []), *report.get("warnings", [])]]
        readable = [pair for pair in zip(sight.delivery.header, sight.cells(ordered), strict=True) if pair[1]]
        refused = sight.message(str(row.written.get("refused") or row.written.get("held_back", "")))
        # What was foreseen is not said twice.
        view = RowView(row, readable, reasons, "" if refused == " ".join(reasons) else refused)
        view.changes += _of_part(sight, report)
        shown.append(view)
        told += [
            (view, subject, *one) for subject, groups in report.get("fields", {}).items() for one in groups.items()
        ]
    _spell_out(told, sight.user)
    return shown


def _of_part(sight: Sight, report: dict[str, Any]) -> list[Change]:
    """What becomes of the columns of a site, a market, a role …"""
    kind = kind_of(sight.delivery.kind)
    if kind is None:
        return []
    changes = []
    for name, verdict, why, before, after in report.get("part", []):
        seen = sight.reads(kind.model, name)
        label = str(kind.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        changes.append(Change(label, verdict, why, *((before or "—", after or "—") if seen else (HIDDEN, HIDDEN))))
    return changes


def _spell_out(told: list[Any], user: User) -> None:
    """Give each row its changes in words; names of communes, sectors … are fetched once for all rows."""
    for subject, model in (("company", Company), ("contact", Contact)):
        mine = [(view, group, judged) for view, about, group, judged in told if about == subject]
        texts = spoken(
            model(),
            {2 * n + side: (group, judged[2 + side]) for n, (_v, group, judged) in enumerate(mine) for side in (0, 1)},
        )
        for n, (view, group, judged) in enumerate(mine):
            change = Change(label_of(model, group), judged[0], judged[1])
            seen = may_read(user, model, groups_of(model)[group][0])
            change.before, change.after = (texts[2 * n] or "—", texts[2 * n + 1]) if seen else (HIDDEN, HIDDEN)
            view.changes.append(change)


def refused_columns(sight: Sight) -> list[Column]:
    """The columns of the file of refused rows: line, reasons, then the partner's own columns as he sent them."""

    def reasons(row: DeliveryRow) -> str:
        return " ".join(sight.message(told) for told in row.report.get("reasons", []))

    def cell(name: str) -> Column:
        return Column(name, lambda row: row.cells.get(name, "") if name in sight.open else HIDDEN)

    own = [cell(name) for name in sight.delivery.header]
    return [Column(_("Line"), lambda row: row.line), Column(_("Why it was refused"), reasons), *own]
