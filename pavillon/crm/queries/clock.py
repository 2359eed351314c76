"""Time as the team lives it: working hours of working days, in the team's own time zone."""

import datetime
from zoneinfo import ZoneInfo

from pavillon.crm.models import LeadSettings
from pavillon.reference.queries import is_working_day

# The opening hours of `LeadSettings` are those of France, whoever looks.
TEAM_ZONE = ZoneInfo("Europe/Paris")


def _hours_of(day: datetime.date, hours: LeadSettings) -> tuple[datetime.datetime, datetime.datetime]:
    return (
        datetime.datetime.combine(day, hours.opens_at, TEAM_ZONE),
        datetime.datetime.combine(day, hours.closes_at, TEAM_ZONE),
    )


def add_working_hours(moment: datetime.datetime, hours: float, settings: LeadSettings) -> datetime.datetime:
    """The moment when `hours` of opening time have passed since `moment` (aware); the answer is in UTC."""
    left = datetime.timedelta(hours=hours)
    day = moment.astimezone(TEAM_ZONE).date()
    while True:
        if is_working_day(day):
            opens, closes = _hours_of(day, settings)
            start = max(opens, moment)
            if start + left <= closes:
                return (start + left).astimezone(datetime.UTC)
            left -= max(closes - start, datetime.timedelta())
        day += datetime.timedelta(days=1)


def working_minutes(start: datetime.datetime, end: datetime.datetime, settings: LeadSettings) -> int:
    """Whole minutes of opening time between two aware moments; 0 when nothing of it was open."""
    total = datetime.timedelta()
    day, last = start.astimezone(TEAM_ZONE).date(), end.astimezone(TEAM_ZONE).date()
    while day <= last:
        if is_working_day(day):
            opens, closes = _hours_of(day, settings)
            total += max(min(closes, end) - max(opens, start), datetime.timedelta())
        day += datetime.timedelta(days=1)
    return int(total.total_seconds() // 60)
