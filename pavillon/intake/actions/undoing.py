"""A wrong file is undone as one batch; what people did since stays, and is named."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.actions import StillUsed, take_back_values, withdraw_record
from pavillon.directory.models import Company, Contact, SourceRecord
from pavillon.intake.actions.bringing import Busy
from pavillon.intake.actions.working import finish, locked, progress, run_phase, tell
from pavillon.intake.enums import DeliveryState
from pavillon.intake.models import Delivery, DeliveryRow

BATCH = 100


@transaction.atomic
def undo_delivery(*, delivery: Delivery, by: User) -> Delivery:
    """Start undoing a take-over. Raises Busy."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != DeliveryState.TAKEN:
        raise Busy
    delivery.state, delivery.rows_done, delivery.started_at = DeliveryState.UNDOING, 0, timezone.now()
    delivery.save()
    record("intake.delivery_undoing", delivery, by=by)
    app.configure_task("intake.undo_delivery").defer(delivery_id=delivery.pk)
    return delivery


def run_undoing(*, delivery: Delivery) -> None:
    """Undo, or go on with an interrupted undoing."""
    run_phase(delivery, DeliveryState.UNDOING, _undo)


def _undo(delivery: Delivery) -> None:
    while _undo_batch(delivery):
        pass
    with transaction.atomic():
        current = locked(delivery, DeliveryState.UNDOING)
        if current is None:
            return
        report: dict[str, Any] = {
            name: current.rows.filter(undone_outcome=name).count()
            for name in ("removed", "restored", "kept", "nothing")
        }
        finish(current, DeliveryState.UNDONE, "undone_at", undone=report)
        record("intake.delivery_undone", current, by=None, **report)
    tell(delivery)


def _undo_batch(delivery: Delivery) -> bool:
    """From the last line up: a company leaves after the rows that were added to it."""
    with transaction.atomic():
        current = locked(delivery, DeliveryState.UNDOING)
        if current is None:
            return False
        rows = list(current.rows.filter(undone_outcome="").order_by("-line")[:BATCH])
        for row in rows:
            row.undone_outcome = _undo_row(current, row)
            row.save(update_fields=["undone_outcome"])
        progress(current, len(rows))
        return len(rows) == BATCH


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
            withdraw_record(record=found, by=delivery.brought_by)
    except StillUsed:
        return "kept"
    return outcome


def _let_go(delivery: Delivery, found: Company | Contact) -> None:
    """Rows of this file, and of files that were only rehearsed or are undone, name the record no more.

    A row of another file that was taken over is a use of the record: it stays.
    """
    column = "contact" if isinstance(found, Contact) else "company"
    rows = DeliveryRow.objects.filter(**{column: found})
    rows.filter(Q(delivery=delivery) | Q(taken_at=None) | ~Q(undone_outcome="")).update(**{column: None})


def _take_back(delivery: Delivery, found: Company | Contact, groups: dict[str, Any], outcome: str) -> str:
    stays = take_back_values(
        record=found,
        source=delivery.source,
        groups={group: (before, after) for group, (before, after) in groups.items()},
        by=delivery.brought_by,
    )
    return "kept" if stays else outcome
