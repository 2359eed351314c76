"""The logs themselves."""

from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from pavillon.security import collector
from pavillon.security.models import ChainedLog, LogAnchor, LogShipment
from pavillon.security.verification import faults_of

SENT_WITHIN = timedelta(minutes=15)


def chained_logs() -> list[type[ChainedLog]]:
    """Every append-only log of the house."""
    return sorted(
        (m for m in apps.get_models() if issubclass(m, ChainedLog)), key=lambda model: model._meta.label_lower
    )


def verified_logs() -> tuple[int, int]:
    """Read every log from its first line to its last: (lines, faults)."""
    logs = chained_logs()
    faults = sum(1 for log in logs for _fault in faults_of(log))
    return sum(log._default_manager.count() for log in logs), faults


@dataclass(frozen=True)
class Shipping:
    """How far one log has left the machine: `waiting` sealed lines that the collector has not taken yet."""

    log: str
    waiting: int
    position: LogShipment | None

    @property
    def is_well(self) -> bool:
        """Nothing fails, and no line has waited for long."""
        if self.position is None or self.position.failures:
            return self.waiting == 0
        return self.waiting == 0 or (
            self.position.sent_at is not None and timezone.now() - self.position.sent_at <= SENT_WITHIN
        )


def shipping_state() -> list[Shipping]:
    """The state of each log at the collector in force; [] when none is named."""
    place, found = collector.place(), []
    for log in chained_logs() if place else []:
        label, anchor = log._meta.label_lower, last_anchor(log)
        row = LogShipment.objects.filter(log=label, place=place).first()
        waiting = (anchor.sequence if anchor else 0) - (row.sequence if row else 0)
        found.append(Shipping(label, max(waiting, 0), row))
    return found


def collector_place() -> str:
    """The collector that lines are sent to, "host:port"; "" when none is named."""
    return collector.place()


def last_anchor(log: type[ChainedLog]) -> LogAnchor | None:
    return LogAnchor.objects.filter(log=log._meta.label_lower).order_by("-number").first()
