"""The take-over: what was rehearsed is done, row by row, each exactly once."""

import json
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.actions import (
    add_contact,
    create_company,
    create_from_register,
    note_source_record,
    offer_values,
)
from pavillon.directory.models import Company, Contact, RegisterUnit, SourceRecord
from pavillon.directory.queries import Offered, Verdict
from pavillon.intake.actions.bringing import AlreadyTaken, Busy
from pavillon.intake.actions.rehearsing import judge_rows, offered_values, outcome_of, policies_for
from pavillon.intake.actions.taking_known import CONFIDENCE, take_known_rows, to_undo
from pavillon.intake.actions.taking_new import REFUSALS, judge_batch, person_said, take_new_rows
from pavillon.intake.actions.taking_parts import take_parts
from pavillon.intake.actions.working import (
    finish,
    is_taken_meanwhile,
    locked,
    outcome_counts,
    progress,
    run_phase,
    tell,
)
from pavillon.intake.enums import Choice, DeliveryState, Outcome, Subject
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.queries.identifying import find_contact
from pavillon.intake.queries.judging_parts import reader_of
from pavillon.intake.queries.reading_rows import Read, RowReader
from pavillon.privacy.queries import may_use

BATCH = 200


@transaction.atomic
def take_delivery(*, delivery: Delivery, by: User) -> Delivery:
    """Start the take-over of a rehearsed file. Raises Busy, and AlreadyTaken when the same file was taken meanwhile."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != DeliveryState.REHEARSED:
        raise Busy
    twin = (
        Delivery.objects.filter(
            source=delivery.source,
            kind=delivery.kind,
            digest=delivery.digest,
            state__in=[DeliveryState.TAKING, DeliveryState.TAKEN],
        )
        .exclude(pk=delivery.pk)
        .first()
    )
    if twin:
        raise AlreadyTaken(twin)
    delivery.state, delivery.rows_done, delivery.started_at = DeliveryState.TAKING, 0, timezone.now()
    delivery.save()
    record("intake.delivery_taking", delivery, by=by)
    app.configure_task("intake.take_delivery").defer(delivery_id=delivery.pk)
    return delivery


def run_taking(*, delivery: Delivery) -> None:
    """Take over, or go on with an interrupted take-over."""
    run_phase(delivery, DeliveryState.TAKING, _take)


def _take(delivery: Delivery) -> None:
    reader = reader_of(delivery)
    line: int | None = 0
    while line is not None:
        line = _take_batch(delivery, reader, line)
    with transaction.atomic():
        current = locked(delivery, DeliveryState.TAKING)
        if current is None:
            return
        finish(current, DeliveryState.TAKEN, "taken_at", taken=reconciliation(current))
        record("intake.delivery_taken", current, by=None, **outcome_counts(current, "taken_outcome"))
    tell(delivery)


def reconciliation(delivery: Delivery) -> dict[str, Any]:
    """What was done, beside what was foreseen, and the lines where the two differ (the first hundred).

    The base may have changed between the two: a company created meanwhile is matched instead of created. A doubtful row
    that a person decided does not differ; "decided" counts those by what was decided.
    """
    differing = list(delivery.rows.differing().order_by("line").values_list("line", "outcome", "taken_outcome")[:100])
    done = outcome_counts(delivery, "taken_outcome")
    created = delivery.rows.filter(taken_outcome=Outcome.CREATED).exclude(company=None)
    companies = created.values("company").distinct().count() if delivery.is_of_companies else 0
    decided = delivery.rows.filter(outcome=Outcome.DOUBTFUL)
    return done | {
        "companies_created": companies,
        "decided": dict(decided.values_list("choice").annotate(n=Count("pk")).order_by()),
        "differing": differing,
    }


def _take_batch(delivery: Delivery, reader: RowReader, after: int) -> int | None:
    """Take the next rows over in one transaction: after an interruption none is half done and none is done twice.

    The line where it stopped, None at the end: what lies before is not looked at again.
    """
    with transaction.atomic():
        current = locked(delivery, DeliveryState.TAKING)
        if current is None:
            return None
        rows = list(current.rows.filter(taken_at__isnull=True, line__gt=after).order_by("line")[:BATCH])
        if not current.is_of_companies:
            take_parts(current, rows, reader)
        else:
            batch = judge_batch(current, rows, reader)
            done = take_known_rows(current, batch) | take_new_rows(current, batch)
            for row in rows:
                if row.line not in done:
                    _take_row(current, row, reader)
        progress(current, len(rows))
        return rows[-1].line if len(rows) == BATCH else None


def _take_row(delivery: Delivery, row: DeliveryRow, reader: RowReader) -> None:
    """One row, judged again: the base is what it is now."""
    read = reader.read(row.cells)
    try:
        try:
            outcome, company, written = _judged_and_written(delivery, row, read, reader)
        except IntegrityError as error:
            if not is_taken_meanwhile(error):
                raise
            # Another process has just brought the same company: judged once more, the row finds it.
            outcome, company, written = _judged_and_written(delivery, row, read, reader)
    except REFUSALS as refusal:
        outcome, company, written, row.contact = Outcome.REJECTED, None, {"refused": str(refusal)}, None
    row.company, row.taken_outcome, row.taken_at = company, outcome, timezone.now()
    row.done = json.dumps(written) if written else ""
    row.save(update_fields=["company", "contact", "taken_outcome", "taken_at", "done"])


def _judged_and_written(
    delivery: Delivery, row: DeliveryRow, read: Read, reader: RowReader
) -> tuple[Outcome, Company | None, dict[str, Any]]:
    judged = DeliveryRow(delivery=delivery, line=row.line, sealed=row.sealed, leader=row.leader)
    judge_rows(delivery, [judged], reader)
    with transaction.atomic():
        return _written(delivery, row, judged, read)


def _written(
    delivery: Delivery, row: DeliveryRow, judged: DeliveryRow, read: Read
) -> tuple[Outcome, Company | None, dict[str, Any]]:
    """Write what a row brings; its outcome, its company and what undoing needs to know."""
    outcome, company = _decided(row, judged)
    written: dict[str, Any] = {}
    if outcome == Outcome.REJECTED:
        written["refused"] = " ".join(judged.report.get("reasons", []))
    if outcome == Outcome.CREATED:
        company = _create(delivery, read)
        written["created"] = company.pk
    if outcome in (Outcome.CREATED, Outcome.MATCHED) and company is not None:
        outcome = _offer(delivery, company, read, row, written, is_new=outcome == Outcome.CREATED)
    return outcome, company, written


def _decided(row: DeliveryRow, judged: DeliveryRow) -> tuple[Outcome, Company | None]:
    """Matched, created, doubtful (left out) or rejected, after what a person decided."""
    leader = _leader(row)
    if leader is not None and leader.taken_outcome not in (Outcome.REJECTED, Outcome.DOUBTFUL):
        return Outcome.MATCHED, leader.company
    if judged.outcome in (Outcome.REJECTED, Outcome.CREATED):
        return Outcome(judged.outcome), None
    if judged.outcome == Outcome.DOUBTFUL:
        choice = leader.choice if leader is not None else row.choice
        return {
            Choice.SAME: (Outcome.MATCHED, judged.company),
            Choice.NEW: (Outcome.CREATED, None),
        }.get(Choice(choice), (Outcome.DOUBTFUL, None))
    return Outcome.MATCHED, judged.company


def _leader(row: DeliveryRow) -> DeliveryRow | None:
    if row.leader is None:
        return None
    return DeliveryRow.objects.select_related("company").get(delivery=row.delivery_id, line=row.leader)


def _create(delivery: Delivery, read: Read) -> Company:
    """The company of a row, from the register when it knows it; the file's values are offered afterwards."""
    said = offered_values(read)
    siren = read.company.get("siren", "")
    by = delivery.brought_by
    if siren and RegisterUnit.objects.filter(pk=siren, is_active=True).exists():
        return create_from_register(siren=siren, by=by)
    first = {name: value for name, value in said.items() if name in ("country", "vat_number", "national_number")}
    if "country" in first:
        first["country_id"] = first.pop("country")
    return create_company(
        name=said.get("name") or f"SIREN {siren}",
        by=by,
        siren=siren or None,
        source=delivery.source,
        observed_on=_day(delivery, read),
        **first,
    )


def _day(delivery: Delivery, read: Read) -> Any:
    return read.row.get("observed_on", delivery.observed_on)


def _offer(
    delivery: Delivery, company: Company, read: Read, row: DeliveryRow, written: dict[str, Any], *, is_new: bool
) -> Outcome:
    """Offer the row's values to its company and its person; note what was written, for undoing."""
    verdicts: set[Verdict] = set()
    offered = _offer_one(delivery, company, offered_values(read), Subject.COMPANY, read)
    verdicts |= {one.verdict for one in offered.judged.values()}
    written["company"] = to_undo(offered)
    _note(delivery, company, read, read.company.get("key", ""), written)
    if read.has_contact:
        contact = find_contact(company, read, delivery.source)
        if contact is None:
            contact = _add_person(delivery, company, read, written)
            if contact is not None:
                written["contact_created"] = contact.pk
                verdicts.add(Verdict.APPLIED)
        elif refusal := _enrichment_refused(contact):
            written["held_back"] = refusal
        else:
            values = {name: value for name, value in read.contact.items() if name != "key"}
            offered = _offer_one(delivery, contact, values, Subject.CONTACT, read)
            verdicts |= {one.verdict for one in offered.judged.values()}
            written["contact"] = to_undo(offered)
        row.contact = contact
        if contact is not None and "held_back" not in written:
            _note(delivery, contact, read, read.contact.get("key", ""), written)
    return Outcome.CREATED if is_new else outcome_of(verdicts)


def _note(delivery: Delivery, known: Company | Contact, read: Read, key: str, written: dict[str, Any]) -> None:
    """Remember that the source knows the record; a memory that is new is forgotten by an undoing."""
    owner = "contact" if isinstance(known, Contact) else "company"
    rows = SourceRecord.objects.filter(**{"source": delivery.source, owner: known})
    before = set(rows.values_list("pk", flat=True))
    noted = note_source_record(record_of=known, source=delivery.source, seen_on=_day(delivery, read), key=key)
    if noted.pk not in before:
        written.setdefault("noted", []).append(noted.pk)


def _offer_one(
    delivery: Delivery, record_of: Company | Contact, values: dict[str, Any], subject: Subject, read: Read
) -> Offered:
    return offer_values(
        record=record_of,
        source=delivery.source,
        values=values,
        observed_on=_day(delivery, read),
        by=delivery.brought_by,
        confidence=CONFIDENCE,
        policies=policies_for(delivery, subject),
    )


def _enrichment_refused(person: Contact | str) -> str:
    """Why a partner's file may not add to what is held about a person, "" when it may."""
    verdict = may_use(person, "enrichment")
    return "" if verdict else verdict.sentence


def _add_person(delivery: Delivery, company: Company, read: Read, written: dict[str, Any]) -> Contact | None:
    """The person of a row; somebody who objected, or was erased, is not brought back by a file."""
    said = person_said(read)
    if said.get("email") and (refusal := _enrichment_refused(said["email"])):
        written["held_back"] = refusal
        return None
    return add_contact(
        company=company, by=delivery.brought_by, source=delivery.source, observed_on=_day(delivery, read), **said
    )
