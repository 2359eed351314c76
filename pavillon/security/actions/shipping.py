"""Sealed lines of the logs leave the machine, so that who takes it over cannot make them unwritten."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from pavillon.core.trail import record
from pavillon.security import collector
from pavillon.security.actions.logs import seal_logs
from pavillon.security.events import shipping_failed
from pavillon.security.models import ChainedLog, LogShipment
from pavillon.security.queries import chained_logs

# Lines of one connection, and connections of one run: what waits longer goes with the next minute.
BATCH, BATCHES = 1000, 50
# Bytes of one connection: a slow line takes them before the database ends a transaction that waits.
MOST_BYTES = 4_000_000


@dataclass
class Shipped:
    """Lines that the collector took, and why it did not take more, each by log."""

    lines: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def ship_logs() -> Shipped:
    """Seal what is not, and send the collector each line that it has not taken, in their order; at least once each.

    The place of the last line that it took is kept: a line whose taking is not sure is sent again, so a collector may
    see one twice, with the same number, and never misses one. Without a collector nothing is done.
    """
    shipped = Shipped()
    if not collector.place():
        return shipped
    seal_logs()
    for log in chained_logs():
        label = log._meta.label_lower
        shipped.lines[label] = 0
        for _run in range(BATCHES):
            taken, failure = _ship_batch(log)
            shipped.lines[label] += taken
            if failure:
                shipped.failures[label] = failure
            if not taken:
                break
    return shipped


@transaction.atomic
def _ship_batch(log: type[ChainedLog]) -> tuple[int, str]:
    """(lines that were taken, why no more). While another run sends, this one has nothing to do."""
    label, place = log._meta.label_lower, collector.place()
    LogShipment.objects.get_or_create(log=label, place=place)
    free = LogShipment.objects.select_for_update(of=("self",), skip_locked=True)
    row = free.filter(log=label, place=place).first()
    if row is None:
        return 0, ""
    lines: list[ChainedLog] = []
    messages: list[bytes] = []
    size = 0
    for line in log._default_manager.filter(sequence__gt=row.sequence).order_by("sequence")[:BATCH]:
        told = collector.message(line)
        size += len(told)
        if lines and size > MOST_BYTES:
            break
        lines.append(line)
        messages.append(told)
    if not lines:
        return 0, ""
    try:
        collector.send(messages)
    except collector.NotTaken as error:
        _note_failure(row, str(error))
        return 0, str(error)
    if row.failures:
        record("security.shipping_resumed", row, by=None, log=label, place=place, failures=row.failures)
    row.sequence, row.sent_at = lines[-1].sequence or row.sequence, timezone.now()
    row.failures, row.failing_since, row.failure = 0, None, ""
    row.save()
    return len(lines), ""


def _note_failure(row: LogShipment, reason: str) -> None:
    """The first of a row of failures is told: to the trail, and to whoever listens."""
    row.failures, row.failure = row.failures + 1, reason
    row.failing_since = row.failing_since or timezone.now()
    row.save()
    if row.failures == 1:
        record("security.shipping_failed", row, by=None, log=row.log, place=row.place, reason=reason)
        shipping_failed.send(sender=LogShipment, log=row.log, place=row.place, reason=reason)
