"""The typical week: annex E, an organisation's, one's own; and the times that follow from it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from babel.dates import get_day_names
from django.db.models import Q, QuerySet

from pavillon.accounts.models import Organisation, User
from pavillon.agenda.enums import Activity, Half
from pavillon.agenda.models import TemplateCell, WeeklyTemplate
from pavillon.ui.words import locale

A, P = Half.AM, Half.PM
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
EVERY_AFTERNOON = tuple((day, P) for day in range(5))

# Ledger, annex E: the twelve lines of the specification's grid. Six of them carry no readable mark there; they hold
# the default that annex E proposes (visits on four half-days, the field on Wednesday afternoon around them,
# proposals and receivables on Friday morning, follow-up on Monday morning, reporting at the end of each afternoon).
DEFAULT_CELLS: dict[Activity, tuple[tuple[int, Half], ...]] = {
    Activity.MEETING: ((MONDAY, A),),
    Activity.PROSPECTS: ((MONDAY, P),),
    Activity.PHONE: ((TUESDAY, A), (THURSDAY, P)),
    Activity.NETWORKS: ((FRIDAY, P),),
    Activity.PROPOSALS: ((FRIDAY, A),),
    Activity.PREPARATION: ((MONDAY, P),),
    Activity.VISITS: ((TUESDAY, P), (WEDNESDAY, A), (WEDNESDAY, P), (THURSDAY, A)),
    Activity.FIELD: ((WEDNESDAY, P),),
    Activity.REPORTING: EVERY_AFTERNOON,
    Activity.FOLLOW_UP: ((MONDAY, A),),
    Activity.RECEIVABLES: ((FRIDAY, A),),
    Activity.PLANNING: EVERY_AFTERNOON,
}
# Lines whose half-days no reader could tell in the specification.
PROPOSED = frozenset(
    {
        Activity.PROPOSALS,
        Activity.VISITS,
        Activity.FIELD,
        Activity.REPORTING,
        Activity.FOLLOW_UP,
        Activity.RECEIVABLES,
    }
)
# What closes an afternoon, in minutes: a report, then "a few minutes of planning" (ledger AGD-03).
CLOSING = {Activity.REPORTING: 30, Activity.PLANNING: 15}
STEP = 5

Cell = tuple[Activity, int, Half]


@dataclass(frozen=True)
class Week:
    """A typical week with its hours; `template` is None where annex E holds."""

    cells: frozenset[Cell]
    morning: tuple[datetime.time, datetime.time]
    afternoon: tuple[datetime.time, datetime.time]
    buffer: int
    one_to_ones: int
    template: WeeklyTemplate | None

    def hours(self, half: str) -> tuple[datetime.time, datetime.time]:
        return self.morning if half == Half.AM else self.afternoon

    def activities(self, weekday: int, half: str) -> list[Activity]:
        """Those of one half-day, in the order of the grid."""
        return [activity for activity in Activity if (activity, weekday, half) in self.cells]


def default_week() -> Week:
    cells = frozenset((activity, day, half) for activity, places in DEFAULT_CELLS.items() for day, half in places)
    fresh = WeeklyTemplate()
    return _week(cells, fresh, None)


def _week(cells: Iterable[Cell], hours: WeeklyTemplate, template: WeeklyTemplate | None) -> Week:
    return Week(
        cells=frozenset(cells),
        morning=(hours.morning_from, hours.morning_until),
        afternoon=(hours.afternoon_from, hours.afternoon_until),
        buffer=hours.buffer,
        one_to_ones=hours.one_to_ones,
        template=template,
    )


def week_of(person: User | None, organisation: Organisation | None) -> Week:
    """One's own typical week, else that of the organisation, else annex E: two statements at most."""
    return week_from(_templates_of(person, organisation))


def templates_of(person: User) -> QuerySet[WeeklyTemplate]:
    """The typical weeks that may be a person's: his own, and that of the organisation that he acts for."""
    return _templates_of(person, person.organisation)


def _templates_of(person: User | None, organisation: Organisation | None) -> QuerySet[WeeklyTemplate]:
    asked = Q(person=person, person__isnull=False) | Q(organisation=organisation, organisation__isnull=False)
    return WeeklyTemplate.objects.filter(asked).select_related("person", "organisation")


def week_from(found: Iterable[WeeklyTemplate]) -> Week:
    """The week that holds among these templates: one statement more when there is any."""
    template = min(found, key=lambda each: each.person_id is None, default=None)
    if template is None:
        return default_week()
    rows = TemplateCell.objects.filter(template=template)
    return _week(((Activity(row.activity), row.weekday, Half(row.half)) for row in rows), template, template)


def lay_out(week: Week, weekday: int, half: str) -> list[tuple[Activity, datetime.time, datetime.time]]:
    """The activities of a half-day one after the other: [(activity, from, until), …].

    The closing ones stand at its end. What is left, without the share that is kept free (ledger AGD-05), is divided
    among the others in steps of five minutes: never more than the share allows.
    """
    start, end = (_minutes(each) for each in week.hours(half))
    activities = week.activities(weekday, half)
    closing = [each for each in activities if each in CLOSING]
    others = [each for each in activities if each not in CLOSING]
    free = (end - start) * (100 - week.buffer) // 100 - sum(CLOSING[each] for each in closing)
    share = max(0, free) // len(others) // STEP * STEP if others else 0
    slots, at = [], start
    for activity in others if share else []:
        slots.append((activity, _time(at), _time(at + share)))
        at += share
    at = end - sum(CLOSING[each] for each in closing)
    for activity in closing:
        slots.append((activity, _time(at), _time(at + CLOSING[activity])))
        at += CLOSING[activity]
    return slots


def _minutes(time: datetime.time) -> int:
    return time.hour * 60 + time.minute


def _time(minutes: int) -> datetime.time:
    return datetime.time(minutes // 60, minutes % 60)


def day_names(width: Literal["wide", "abbreviated"] = "wide") -> list[str]:
    """Monday to Sunday in the reader's language."""
    names = get_day_names(width, locale=locale())
    return [names[day] for day in range(7)]


@dataclass(frozen=True)
class GridLine:
    """One activity of the grid as it is drawn: [(name of the box, is it ticked, what it says), …]."""

    activity: Activity
    boxes: list[tuple[str, bool, str]]
    is_proposed: bool


def grid_of(cells: Iterable[Cell], *, is_default: bool) -> list[GridLine]:
    chosen, names = set(cells), day_names()
    return [
        GridLine(
            activity,
            [
                (
                    f"{activity}-{day}-{half}",
                    (activity, day, half) in chosen,
                    f"{activity.label}, {names[day]}, {half.label}",
                )
                for day in range(5)
                for half in Half
            ],
            is_default and activity in PROPOSED,
        )
        for activity in Activity
    ]
