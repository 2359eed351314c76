"""A wrong file is undone as one batch; what people did since stays, and is named."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.actions import StillUsed, take_back_values, withdraw_record, withdraw_records
from pavillon.directory.models import Company, Contact, SourceRecord
from pavillon.intake.actions.bringing import Busy
from pavillon.intake.actions.undoing_parts import undo_parts, undone_by
from pavillon.intake.actions.working import finish, locked, progress, run_phase, save_rows, tell
from pavillon.intake.enums import DeliveryState
from pavillon.intake.models import Delivery, DeliveryRow

BATCH = 200
LAST_LINE = 2**31 - 1


@transaction.atomic
def undo_delivery(*, delivery: Delivery, by: User) -> Delivery:
    """Start undoing a take-over. Raises Busy."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != DeliveryState.TAKEN:
        raise Busy
    delivery.state, delivery.rows_done, delivery.started_at = DeliveryState.UNDOING, 0, timezone.now()
    delivery.undone_by = by
    delivery.save()
    record("intake.delivery_undoing", delivery, by=by)
    app.configure_task("intake.undo_delivery").defer(delivery_id=delivery.pk)
    return delivery


def run_undoing(*, delivery: Delivery) -> None:
    """Undo, or go on with an interrupted undoing."""
    run_phase(delivery, DeliveryState.UNDOING, _undo)


def _undo(delivery: Delivery) -> None:
    line: int | None = LAST_LINE
    while line is not None:
        line = _undo_batch(delivery, line)
    with transaction.atomic():
        current = locked(delivery, DeliveryState.UNDOING)
        if current is None:
            return
        report: dict[str, Any] = {
            name: current.rows.filter(undone_outcome=name).count()
            for name in ("removed", "restored", "kept", "nothing")
        }
        finish(current, DeliveryState.UNDONE, "undone_at", undone=report)
        record("intake.delivery_undone", current, by=undone_by(current), **report)
    tell(delivery)


def _undo_batch(delivery: Delivery, before: int) -> int | None:
    """From the last line up: a company leaves after the rows that were added to it. The line where it stopped."""
    with transaction.atomic():
        current = locked(delivery, DeliveryState.UNDOING)
        if current is None:
            return None
        rows = list(current.rows.filter(undone_outcome="", line__lt=before).order_by("-line")[:BATCH])
        if not current.is_of_companies:
            undo_parts(current, rows)
        else:
            removed = _remove_new(current, rows)
            for row in rows:
                row.undone_outcome = "removed" if row.line in removed else _undo_row(current, row)
        save_rows(rows, ["undone_outcome"])
        progress(current, len(rows))
        return rows[-1].line if len(rows) == BATCH else None


def _remove_new(delivery: Delivery, rows: list[DeliveryRow]) -> set[int]:
    """Remove at once the companies, and their people, that only this file knows; their lines.

    What stays because somebody worked on it is left to be undone row by row, which says so.
    """
    made = {row.line: row.written for row in rows if "created" in row.written}
    people = [one["contact_created"] for one in made.values() if "contact_created" in one]
    companies = [one["created"] for one in made.values()]
    named, by = _let_go_of_many(delivery, people, companies), undone_by(delivery)
    kept_people = withdraw_records(records=list(Contact.objects.filter(pk__in=people)), by=by)
    kept = withdraw_records(records=list(Company.objects.filter(pk__in=companies)), by=by)
    # Who asks what is held about a person finds the rows of a file by these links.
    save_rows([row for row in named if row.contact_id in kept_people], ["contact"])
    save_rows([row for row in named if row.company_id in kept], ["company"])
    gone = {
        line: one
        for line, one in made.items()
        if one["created"] not in kept and one.get("contact_created") not in kept_people
    }
    companies_gone, people_gone = set(companies) - kept, set(people) - kept_people
    for row in rows:
        # A later line about a company that has just left finds nothing to take back.
        row.company_id = None if row.company_id in companies_gone else row.company_id
        row.contact_id = None if row.contact_id in people_gone else row.contact_id
    return set(gone)


def _undo_row(delivery: Delivery, row: DeliveryRow) -> str:
    """removed (a company left), restored, kept (others' work since), nothing (the row had written nothing)."""
    done: dict[str, Any] = row.written
    if not done or "refused" in done:
        return "nothing"
    outcome = "restored"
    SourceRecord.objects.filter(pk__in=done.get("noted", [])).delete()
    if "contact_created" in done:
        outcome = _withdraw(delivery, Contact, done["contact_created"], outcome)
    elif row.contact_id and done.get("contact"):
        outcome = _take_back(delivery, Contact.objects.get(pk=row.contact_id), done["contact"], outcome)
    if "created" in done:
        removed = _withdraw(delivery, Company, done["created"], "removed")
        return outcome if removed == "kept" and outcome == "kept" else removed
    if row.company_id and done.get("company"):
        outcome = _take_back(delivery, Company.objects.get(pk=row.company_id), done["company"], outcome)
    return outcome


def _withdraw(delivery: Delivery, kind: type[Company] | type[Contact], pk: int, outcome: str) -> str:
    found = kind.objects.filter(pk=pk).first()
    if found is None:
        return outcome
    try:
        with transaction.atomic():
            _let_go(delivery, found)
            withdraw_record(record=found, by=undone_by(delivery))
    except StillUsed:
        return "kept"
    return outcome


def _let_go(delivery: Delivery, found: Company | Contact) -> None:
    """Rows of this file, and of files that were only rehearsed or are undone, name the record no more.

    A row of another file that was taken over is a use of the record: it stays.
    """
    column = "contact" if isinstance(found, Contact) else "company"
    _free(delivery).filter(**{column: found}).update(**{column: None})


def _let_go_of_many(delivery: Delivery, people: Iterable[int], companies: Iterable[int]) -> list[DeliveryRow]:
    """As `_let_go`, by numbers; the rows, which still say what they named, for what stays."""
    named = _free(delivery).filter(Q(contact__in=people) | Q(company__in=companies))
    rows = list(named.select_for_update().only("contact", "company").order_by("pk"))
    _free(delivery).filter(contact__in=people).update(contact=None)
    _free(delivery).filter(company__in=companies).update(company=None)
    return rows


def _free(delivery: Delivery) -> QuerySet[DeliveryRow]:
    """Rows that do not hold a record back when this file is undone."""
    return DeliveryRow.objects.filter(Q(delivery=delivery) | Q(taken_at=None) | ~Q(undone_outcome=""))


def _take_back(delivery: Delivery, found: Company | Contact, groups: dict[str, Any], outcome: str) -> str:
    stays = take_back_values(
        record=found,
        source=delivery.source,
        groups={group: (before, after) for group, (before, after) in groups.items()},
        by=undone_by(delivery),
    )
    return "kept" if stays else outcome
