"""What becomes of the rows of a file of sites, markets, roles …: judged against the base, nothing written."""

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from pavillon.directory.queries import ColumnPolicy, Verdict
from pavillon.directory.queries.provenance import REASONS
from pavillon.intake.enums import Choice, Outcome, Subject
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.models.parts import Asked, Bringing, PartKind, kept_value, kind_of, targets_for
from pavillon.intake.queries.finding_people import find_people
from pavillon.intake.queries.identifying import Identifier
from pavillon.intake.queries.reading_rows import Read, RowReader, told_of

WRITTEN = (Outcome.CREATED, Outcome.MATCHED, Outcome.UNCHANGED, Outcome.CONFLICTING)


def reader_of(delivery: Delivery) -> RowReader:
    """What reads the rows of a file of its kind."""
    kind = kind_of(delivery.kind)
    return RowReader(delivery.mapping, targets_for(delivery.kind), kind.stands_for_company if kind else "")


def bringing_of(delivery: Delivery) -> Bringing:
    return Bringing(
        delivery.source, delivery.organisation, delivery.brought_by, delivery.observed_on, delivery.legal_basis
    )


@dataclass(frozen=True)
class Weighed:
    """What becomes of one column of a known row; `value` is what would be written."""

    name: str
    verdict: Verdict
    why: str
    before: Any
    value: Any


@dataclass
class JudgedPart:
    """A row with what it asks for and what it would do: write `asked` anew, or `changes` on `part`."""

    row: DeliveryRow
    asked: Asked | None = None
    part: Any = None
    weighed: list[Weighed] = field(default_factory=list)

    @property
    def changes(self) -> dict[str, Any]:
        return {one.name: one.value for one in self.weighed if one.verdict is Verdict.APPLIED}


class PartGroups:
    """Rows of one file that speak of one part: the earliest line leads, and later ones may only say the same."""

    def __init__(self, kind: PartKind) -> None:
        self.kind = kind
        self.line_of: dict[Hashable, int] = {}

    def leader(self, line: int, read: Read) -> int | None:
        company = next((read.company[n] for n in ("siren", "key", "vat_number", "national_number", "name")
                        if read.company.get(n)), "")  # fmt: skip
        mark = (company, json.dumps(read.contact, sort_keys=True, default=str), self.kind.mark(dict(read.part)))
        first = self.line_of.setdefault(mark, line)
        return None if first == line else first


def judge_parts(delivery: Delivery, rows: Sequence[DeliveryRow], reader: RowReader) -> list[JudgedPart]:
    """Give each row its outcome, its company and its reasons; does not save. What a person decided is followed."""
    kind, bringing = _kind(delivery), bringing_of(delivery)
    reads = {row.line: reader.read(row.cells) for row in rows}
    judged = {row.line: JudgedPart(row) for row in rows}
    told: dict[int, dict[str, Any]] = {
        line: {"reasons": [], "warnings": [told_of(*one) for one in read.warnings]} for line, read in reads.items()
    }
    for row in rows:
        row.company = row.contact = row.score = None
        row.outcome = Outcome.WAITING
        _refuse_unread(row, reads[row.line], told)
    open_rows = [row for row in rows if row.outcome != Outcome.REJECTED]
    _name_companies(delivery, open_rows, reads, told)
    open_rows = [row for row in open_rows if row.outcome == Outcome.WAITING]
    _name_people(kind, delivery, open_rows, reads, told)
    asked = [_asked(row, reads[row.line]) for row in open_rows if row.outcome == Outcome.WAITING]
    kind.complete(asked, bringing)
    good = [one for one in asked if not one.problem]
    known = kind.known(good)
    policies = _policies(delivery)
    leaders = _leaders(delivery, rows)
    for one in asked:
        of = judged[one.line]
        of.asked, of.part = one, known.get(one.line)
        _judge(kind, of, policies, leaders, reader, told[one.line])
    for row in rows:
        row.foreseen = json.dumps(told[row.line])
    return list(judged.values())


def _kind(delivery: Delivery) -> PartKind:
    kind = kind_of(delivery.kind)
    assert kind is not None
    return kind


def _reject(row: DeliveryRow, told: dict[str, Any], *reasons: str) -> None:
    row.outcome = Outcome.REJECTED
    told["reasons"] = list(reasons)


def _refuse_unread(row: DeliveryRow, read: Read, told: dict[int, dict[str, Any]]) -> None:
    if row.cells.get(""):
        problem = _("The row has more cells than there are columns: a separator stands inside a cell.")
        read.problems.append(("", problem))
    if not read.problems and not read.part:
        read.problems.append(("", _("The row says nothing under the columns that were chosen.")))
    if read.problems:
        _reject(row, told[row.line], *(told_of(*problem) for problem in read.problems))


def _name_companies(
    delivery: Delivery, rows: Sequence[DeliveryRow], reads: dict[int, Read], told: dict[int, Any]
) -> None:
    """The company of each row; one that is not known is never created by such a file."""
    named = [row for row in rows if reads[row.line].has_company]
    # The person of such a row may belong to another company: an address says nothing about this one.
    alone = {row.line: replace(reads[row.line], contact={}) for row in named}
    identifier = Identifier(delivery.source, alone.values(), delivery.brought_by)
    for row in named:
        found = identifier.identify(alone[row.line])
        row.score, say = found.score, told[row.line]
        if found.outcome == Outcome.CREATED or found.is_unknown:
            _reject(row, say, _("This company is not in the base. Bring it first, with a file of companies."))
        elif found.outcome == Outcome.REJECTED:
            _reject(row, say, *found.reasons)
        elif found.outcome == Outcome.MATCHED or row.choice == Choice.SAME:
            row.company, say["reasons"] = found.company, found.reasons
        else:
            row.company, row.outcome, say["reasons"] = found.company, Outcome.DOUBTFUL, found.reasons


def _name_people(
    kind: PartKind, delivery: Delivery, rows: Sequence[DeliveryRow], reads: dict[int, Read], told: dict[int, Any]
) -> None:
    if not kind.names_people:
        return
    asked = [(row.line, row.company, reads[row.line]) for row in rows]
    people = find_people(asked, source=delivery.source, by=delivery.brought_by)
    for row in rows:
        row.contact = people.get(row.line)
        if row.contact is None and kind.needs_person:
            reason = _("This person is not in the base. Bring it first, with a file of companies and their people.")
            _reject(row, told[row.line], reason)
        elif row.contact is None and reads[row.line].has_contact:
            told[row.line]["warnings"].append(_("This person is not in the base: the row is taken without."))


def _asked(row: DeliveryRow, read: Read) -> Asked:
    return Asked(
        row.line,
        row.company,
        row.contact,
        dict(read.part),
        company_name=str(read.company.get("name", "")),
        town=str(read.company.get("town", "")),
        person=dict(read.contact),
    )


def _policies(delivery: Delivery) -> dict[str, ColumnPolicy]:
    """Policy by column of the part."""
    prefix = f"{Subject.PART}."
    return {key.removeprefix(prefix): how for key, how in delivery.policies.items() if key.startswith(prefix)}


def _leaders(delivery: Delivery, rows: Sequence[DeliveryRow]) -> dict[int, DeliveryRow]:
    earlier = delivery.rows.filter(line__in=[row.leader for row in rows if row.leader])
    # Rows of this very batch win over what is stored of them: they have just been judged.
    return {row.line: row for row in earlier} | {row.line: row for row in rows}


def _judge(
    kind: PartKind,
    of: JudgedPart,
    policies: dict[str, ColumnPolicy],
    leaders: dict[int, DeliveryRow],
    reader: RowReader,
    told: dict[str, Any],
) -> None:
    row, one = of.row, of.asked
    assert one is not None
    if one.problem:
        _reject(row, told, one.problem)
        return
    leader = leaders.get(row.leader or 0)
    if leader is not None and leader.outcome in WRITTEN:
        _follow(row, leader, reader, told)
        return
    if of.part is None:
        row.outcome = Outcome.CREATED
        return
    ruled = kind.is_ruled(of.part)
    of.weighed = [_weigh(kind, of.part, name, one.values, policies, ruled) for name in kind.compared
                  if name in one.values]  # fmt: skip
    verdicts = {each.verdict for each in of.weighed}
    row.outcome = (
        Outcome.CONFLICTING if Verdict.CONFLICT in verdicts
        else Outcome.MATCHED if Verdict.APPLIED in verdicts else Outcome.UNCHANGED
    )  # fmt: skip
    told["part"] = [
        [
            each.name,
            each.verdict.value,
            each.why,
            *(words_of(kind.model, each.name, v) for v in (each.before, each.value)),
        ]
        for each in of.weighed
        if each.verdict is not Verdict.SAME
    ]


def _follow(row: DeliveryRow, leader: DeliveryRow, reader: RowReader, told: dict[str, Any]) -> None:
    """A later line about what an earlier one brings: the same again is nothing new, anything else is refused."""
    if reader.read(leader.cells).part == reader.read(row.cells).part:
        row.outcome = Outcome.UNCHANGED
        told["reasons"] = [_("Line %s says the same.") % leader.line]
    else:
        _reject(row, told, _("Line %s speaks of the same, and says otherwise. Keep one of the two.") % leader.line)


def _weigh(
    kind: PartKind, part: Any, name: str, values: dict[str, Any], policies: dict[str, ColumnPolicy], ruled: str
) -> Weighed:
    """What becomes of one column: gaps are filled, and what differs is told rather than changed, unless asked."""
    value, policy = values[name], policies.get(name, ColumnPolicy.TRUST)
    before = getattr(part, name)
    was, says = kept_value(before), kept_value(value)
    if was == says or (says is None):
        return Weighed(name, Verdict.SAME, "", before, value)
    if ruled:
        return Weighed(name, Verdict.KEPT, ruled, before, value)
    if policy is ColumnPolicy.NEVER:
        return Weighed(name, Verdict.KEPT, str(REASONS["never"]), before, value)
    if was in (None, False, []):
        return Weighed(name, Verdict.APPLIED, str(REASONS["empty"]), before, value)
    if policy is ColumnPolicy.OVERWRITE:
        return Weighed(name, Verdict.APPLIED, _("The file may overwrite this column."), before, value)
    if policy is ColumnPolicy.FILL:
        return Weighed(name, Verdict.KEPT, str(REASONS["fill"]), before, value)
    return Weighed(name, Verdict.CONFLICT, _("The base says otherwise, and keeps it."), before, value)


def words_of(model: type[Model], name: str, value: Any) -> str:
    """A value in words, in the language of whoever brings the file."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices: dict[Any, Any] = dict(getattr(model._meta.get_field(name), "flatchoices", ()) or ())
    return str(choices.get(value, value))[:300]


def again(delivery: Delivery, rows: Iterable[DeliveryRow], reader: RowReader) -> list[JudgedPart]:
    """Judge rows anew for the take-over, beside what was foreseen of them."""
    copies = [
        DeliveryRow(delivery=delivery, line=row.line, sealed=row.sealed, leader=row.leader, choice=row.choice)
        for row in rows
    ]
    return judge_parts(delivery, copies, reader)
