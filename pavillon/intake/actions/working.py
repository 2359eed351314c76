"""How the phases of a delivery run: in batches, each whole or not at all, going on where an interrupted run stopped."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation

from pavillon.activity.actions import notify, record, wake
from pavillon.intake.columns.parsing import BadValue
from pavillon.intake.enums import DeliveryState, Outcome
from pavillon.intake.models import Delivery
from pavillon.intake.reading import BadFile

BATCH = 200


def run_phase(delivery: Delivery, state: DeliveryState, work: Callable[[Delivery], None]) -> None:
    """Run one phase in the language of whoever brought the file. A fault of the file stops it with its message.

    Anything unforeseen is left to the job queue, which tries again; the batches done stay done.
    """
    with translation.override(delivery.brought_by.language):
        try:
            work(delivery)
        except (BadFile, BadValue, FileNotFoundError) as error:
            with transaction.atomic():
                delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
                if delivery.state == state:
                    delivery.state, delivery.problem = DeliveryState.FAILED, str(error)
                    delivery.save(update_fields=["state", "problem", "changed_at"])
                    record("intake.delivery_failed", delivery, by=None)
            tell(delivery)


def locked(delivery: Delivery, state: DeliveryState) -> Delivery | None:
    """The delivery, locked, if it is still in this phase; inside a transaction."""
    return Delivery.objects.select_for_update().filter(pk=delivery.pk, state=state).first()


def progress(delivery: Delivery, done: int) -> None:
    """Count rows worked off, in the transaction of their batch."""
    delivery.rows_done += done
    delivery.save(update_fields=["rows_done", "changed_at"])


def outcome_counts(delivery: Delivery, column: str) -> dict[str, Any]:
    """Rows by outcome; the values add up to "rows"."""
    found = dict(delivery.rows.values_list(column).annotate(n=Count("pk")).order_by())
    named = {outcome.value: found.get(outcome.value, 0) for outcome in Outcome if outcome.value}
    if found.get(""):
        named["waiting"] = found[""]
    return {"rows": sum(found.values())} | named


def tell(delivery: Delivery) -> None:
    """Tell whoever brought the file that a phase ended."""
    delivery.refresh_from_db()
    notify(
        [delivery.brought_by],
        "intake.delivery_done",
        title=f"{delivery.name}: {delivery.get_state_display()}",
        body=delivery.problem,
        url=delivery.get_absolute_url(),
        email=False,
    )
    wake("intake.delivery", people=[delivery.brought_by_id], delivery=delivery.pk)


def finish(delivery: Delivery, state: DeliveryState, moment: str, **columns: Any) -> None:
    """End a phase, inside a transaction."""
    delivery.state = state
    setattr(delivery, moment, timezone.now())
    for name, value in columns.items():
        setattr(delivery, name, value)
    delivery.save()
