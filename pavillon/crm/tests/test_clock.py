"""Working time of the team: March 2026 begins on a Sunday, Easter Monday is 6 April."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from pavillon.crm.models import LeadSettings
from pavillon.crm.queries.clock import add_working_hours, working_minutes

PARIS = ZoneInfo("Europe/Paris")
SETTINGS = LeadSettings(pk=1)


def paris(month, day, hour=0, minute=0):
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (paris(3, 2, 10), 2, paris(3, 2, 12)),
        (paris(3, 2, 17), 2, paris(3, 3, 10)),
        (paris(3, 6, 17, 30), 1, paris(3, 9, 9, 30)),  # Friday evening to Monday morning
        (paris(3, 7, 11), 1, paris(3, 9, 10)),  # a Saturday counts for nothing
        (paris(4, 3, 17), 2, paris(4, 7, 10)),  # over the Easter week-end
        (paris(3, 27, 17), 10, paris(3, 30, 18)),  # over the change of the clock
        (paris(3, 2, 7), 9, paris(3, 2, 18)),
    ],
)
def test_hours_are_added_when_the_team_works(start, hours, end):
    assert add_working_hours(start, hours, SETTINGS) == end


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (paris(3, 2, 10), paris(3, 2, 10, 35), 35),
        (paris(3, 2, 17, 30), paris(3, 3, 9, 30), 60),
        (paris(3, 6, 17, 30), paris(3, 9, 9, 30), 60),
        (paris(3, 7, 10), paris(3, 8, 10), 0),
        (paris(5, 1, 9), paris(5, 1, 18), 0),  # Labour Day
    ],
)
def test_minutes_between_two_moments_count_working_time_only(start, end, minutes):
    assert working_minutes(start, end, SETTINGS) == minutes
