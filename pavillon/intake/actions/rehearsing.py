"""The rehearsal: every row read, identified and judged; nothing of the base changes."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.activity.actions import record
from pavillon.directory.queries import Verdict, rehearse_values
from pavillon.intake import vault
from pavillon.intake.actions.working import BATCH, finish, locked, outcome_counts, progress, run_phase, save_rows, tell
from pavillon.intake.columns import TARGETS
from pavillon.intake.enums import DeliveryState, Outcome, Subject
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.models.parts import kind_of
from pavillon.intake.queries.identifying import Groups, Identified, Identifier, find_contact
from pavillon.intake.queries.judging_parts import PartGroups, judge_parts, reader_of
from pavillon.intake.queries.reading_rows import Read, RowReader, place_values, told_of
from pavillon.intake.reading import open_table

# What names a company and is no value of its card.
NOT_OFFERED = frozenset({"key", "siren"})


def run_rehearsal(*, delivery: Delivery) -> None:
    """Rehearse, or go on with an interrupted rehearsal. Afterwards every row has an outcome."""
    run_phase(delivery, DeliveryState.REHEARSING, _rehearse)


def _rehearse(delivery: Delivery) -> None:
    _store_rows(delivery)
    reader = reader_of(delivery)
    _find_leaders(delivery, reader)
    while _judge_batch(delivery, reader):
        pass
    with transaction.atomic():
        current = locked(delivery, DeliveryState.REHEARSING)
        if current is None:
            return
        report = outcome_counts(current, "outcome") | {"columns": _refused_cells(current)}
        finish(current, DeliveryState.REHEARSED, "rehearsed_at", rehearsed=report)
        record("intake.delivery_rehearsed", current, by=None, **outcome_counts(current, "outcome"))
    tell(delivery)


def _store_rows(delivery: Delivery) -> None:
    """Store the rows of the file, encrypted, once; then the file is forgotten."""
    if delivery.is_read:
        vault.drop(delivery.pk)  # An interrupted run may have left it behind.
        return
    reading = {name: delivery.reading[name] for name in ("sheet", "encoding", "separator", "header_line")}
    with vault.opened(delivery.pk) as path, transaction.atomic():
        current = locked(delivery, DeliveryState.REHEARSING)
        if current is None or current.is_read:
            return
        table = open_table(path, **reading)
        batch: list[DeliveryRow] = []
        for line, cells in table.rows():
            sealed: dict[str, Any] = dict(zip(table.header, cells, strict=False))
            if len(cells) > len(table.header):
                sealed[""] = cells[len(table.header) :]
            batch.append(DeliveryRow(delivery=current, line=line, sealed=json.dumps(sealed)))
            current.rows_read += 1
            if len(batch) == 5 * BATCH:
                DeliveryRow.objects.bulk_create(batch)
                batch = []
        DeliveryRow.objects.bulk_create(batch)
        current.is_read = True
        current.save(update_fields=["is_read", "rows_read", "changed_at"])
    vault.drop(delivery.pk)
    delivery.refresh_from_db()


def _find_leaders(delivery: Delivery, reader: RowReader) -> None:
    """Rows of the file that speak of one company, or part, found before anything is asked of the base."""
    kind = kind_of(delivery.kind)
    groups: Groups | PartGroups = Groups() if kind is None else PartGroups(kind)
    led = []
    with transaction.atomic():
        current = locked(delivery, DeliveryState.REHEARSING)
        if current is None or current.rows_done:
            return
        for row in current.rows.order_by("line").iterator(chunk_size=1000):
            read = reader.read(row.cells)
            if read.problems:
                continue
            row.leader = groups.leader(row.line, read)
            if row.leader is not None:
                led.append(row)
        DeliveryRow.objects.bulk_update(led, ["leader"], batch_size=1000)


def _judge_batch(delivery: Delivery, reader: RowReader) -> bool:
    """Judge the next rows; whether there may be more."""
    with transaction.atomic():
        current = locked(delivery, DeliveryState.REHEARSING)
        if current is None:
            return False
        rows = list(current.rows.filter(outcome=Outcome.WAITING).order_by("line")[:BATCH])
        if kind_of(current.kind) is None:
            judge_rows(current, rows, reader)
        else:
            judge_parts(current, rows, reader)
        save_rows(rows, ["outcome", "foreseen", "score", "company", "contact"])
        progress(current, len(rows))
        return len(rows) == BATCH


def judge_rows(delivery: Delivery, rows: list[DeliveryRow], reader: RowReader) -> None:
    """Give each row its outcome, its company and its reasons; does not save."""
    reads = {row.line: reader.read(row.cells) for row in rows}
    whole = {line: read for line, read in reads.items() if not read.problems}
    identifier = Identifier(delivery.source, whole.values(), delivery.brought_by)
    earlier = delivery.rows.filter(line__in=[row.leader for row in rows if row.leader]).select_related("company")
    # Rows of this very batch win over what is stored of them: they have just been judged.
    leaders = {row.line: row for row in earlier} | {row.line: row for row in rows}
    matched: list[tuple[DeliveryRow, Read, dict[str, Any]]] = []
    for row in rows:
        read = reads[row.line]
        extra = row.cells.get("")
        if extra:
            read.problems.append(
                ("", _("The row has more cells than there are columns: a separator stands inside a cell."))
            )
        if read.problems:
            row.outcome = Outcome.REJECTED
            row.foreseen = json.dumps({"reasons": [told_of(*problem) for problem in read.problems]})
            continue
        found = _found(row, read, identifier, leaders)
        row.company, row.score, row.outcome = found.company, found.score, found.outcome
        told: dict[str, Any] = {"reasons": found.reasons, "warnings": [told_of(*one) for one in read.warnings]}
        if found.company is not None and found.outcome == Outcome.MATCHED:
            row.contact = find_contact(found.company, read, delivery.source) if read.has_contact else None
            matched.append((row, read, told))
        else:
            row.foreseen = json.dumps(told)
    _weigh(delivery, matched)


def _found(row: DeliveryRow, read: Read, identifier: Identifier, leaders: dict[int, DeliveryRow]) -> Identified:
    """What the row's leader is, or what the base says."""
    leader = leaders.get(row.leader or 0)
    if leader is None or leader.outcome in (Outcome.WAITING, Outcome.REJECTED):
        return identifier.identify(read)
    reasons = [_("Same company as line %s") % leader.line]
    if leader.company is None:
        return Identified(Outcome.MATCHED, None, 1.0, reasons)
    outcome = Outcome.DOUBTFUL if leader.outcome == Outcome.DOUBTFUL else Outcome.MATCHED
    return Identified(outcome, leader.company, leader.score, reasons)


def offered_values(read: Read, places: dict[Any, Any] | None = None) -> dict[str, Any]:
    """The columns of a company that a row tells, its commune found; `places` remembers those of earlier rows."""
    values = {name: value for name, value in read.company.items() if name not in NOT_OFFERED}
    where = tuple(str(values.get(name, "")) for name in ("country", "postal_code", "town"))
    if places is None:
        return values | place_values(values)
    if where not in places:
        places[where] = place_values(values)
    return values | places[where]


def policies_for(delivery: Delivery, subject: Subject) -> dict[str, Any]:
    """Policy by column of a company or of a contact."""
    return {
        TARGETS[key].column: policy
        for key, policy in delivery.policies.items()
        if TARGETS[key].subject == subject and not TARGETS[key].is_identity
    }


def _weigh(delivery: Delivery, rows: Sequence[tuple[DeliveryRow, Read, dict[str, Any]]]) -> None:
    """Give rows about known companies their outcome, and what the offers would do, field by field.

    Two statements for each day on which rows were known, and one a place.
    """
    places: dict[Any, Any] = {}
    by_day: dict[Any, list[tuple[DeliveryRow, Read, dict[str, Any]]]] = defaultdict(list)
    for one in rows:
        by_day[one[1].row.get("observed_on", delivery.observed_on)].append(one)
    for day, those in by_day.items():
        people = [one for one in those if one[0].contact is not None]
        weighed = (
            (Subject.COMPANY, those, [(row.company, offered_values(read, places)) for row, read, _told in those]),
            (Subject.CONTACT, people, [(row.contact, _of_person(read)) for row, read, _told in people]),
        )
        verdicts: dict[int, set[Verdict]] = defaultdict(set)
        for subject, asked, offers in weighed:
            judged = rehearse_values(
                [record for record, _values in offers if record is not None],
                [values for _record, values in offers],
                source=delivery.source,
                observed_on=day,
                policies=policies_for(delivery, subject),
            )
            for (row, _read, told), offered in zip(asked, judged, strict=True):
                verdicts[row.line] |= {one.verdict for one in offered.judged.values()}
                told.setdefault("fields", {})[subject.value] = {
                    group: [one.verdict.value, one.why, one.before, one.after]
                    for group, one in offered.judged.items()
                    if one.verdict is not Verdict.SAME
                }
        for row, read, told in those:
            is_new = read.has_contact and row.contact is None
            row.outcome = outcome_of(verdicts[row.line] | ({Verdict.APPLIED} if is_new else set()))
            row.foreseen = json.dumps(told)


def _of_person(read: Read) -> dict[str, Any]:
    return {name: value for name, value in read.contact.items() if name != "key"}


def outcome_of(verdicts: set[Verdict]) -> Outcome:
    """The outcome of a known company's row from the verdicts on its fields."""
    if Verdict.CONFLICT in verdicts:
        return Outcome.CONFLICTING
    return Outcome.MATCHED if Verdict.APPLIED in verdicts else Outcome.UNCHANGED


def _refused_cells(delivery: Delivery) -> dict[str, int]:
    """How many cells of each column could not be read, so that a wrong column is seen at once."""
    counted: dict[str, int] = {}
    for row in delivery.rows.exclude(foreseen="").iterator(chunk_size=1000):
        for warning in row.report.get("warnings", []):
            column = warning.partition(":")[0]
            counted[column] = counted.get(column, 0) + 1
    return counted
