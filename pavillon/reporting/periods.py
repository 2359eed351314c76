"""The periods of a figure: days, both ends included, in Paris time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.ui.words import day as told_day

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    return timezone.now().astimezone(PARIS).date()


@dataclass(frozen=True)
class Period:
    """From `since` to `until`, both included; `since` None is "since the start"."""

    since: date | None
    until: date

    @classmethod
    def month_of(cls, day: date) -> "Period":
        """The calendar month that holds `day`, up to its last day."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))

    @property
    def start(self) -> datetime | None:
        """The first moment."""
        return datetime.combine(self.since, time.min, PARIS) if self.since else None

    @property
    def end(self) -> datetime:
        """The first moment after."""
        return datetime.combine(self.until + timedelta(days=1), time.min, PARIS)

    @property
    def days(self) -> dict[str, Any]:
        """For `metrics.queries`: days from and to."""
        return {"since": self.since, "until": self.until}

    def within(self, field: str) -> dict[str, Any]:
        """For a queryset: moments of `field` inside the period."""
        found: dict[str, Any] = {f"{field}__lt": self.end}
        return found | ({f"{field}__gte": self.start} if self.since else {})

    def __str__(self) -> str:
        if self.since is None:
            return _("since the start, until %(until)s") % {"until": told_day(self.until)}
        return _("from %(since)s to %(until)s") % {"since": told_day(self.since), "until": told_day(self.until)}
