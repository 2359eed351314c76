"""The end of a day: what was on it, what is left, what the next one brings."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import DayPlan, Entry
from pavillon.agenda.queries.calendar import Line, days_with, lines_with, midnight
from pavillon.agenda.queries.checks import asked_of_checks, checks_from
from pavillon.agenda.queries.diagnosis import lasting, running
from pavillon.reference.queries import is_working_day
from pavillon.ui import steady, together

# The hour from which the day is said to end.
EVENING = datetime.time(16)
# What is done or left; a slot is time, not a promise, and an absence neither.
PROMISED = (EntryKind.APPOINTMENT, EntryKind.VISIT, EntryKind.CALL, EntryKind.MEETING, EntryKind.TASK)


@dataclass
class PlanOfDay:
    """The lines of a day that can be done or left, and the day after it."""

    lines: list[Entry]
    tomorrow: datetime.date


def next_working_day(day: datetime.date, person: User) -> datetime.date:
    """The next day of work on which the person is not away, within two months."""
    away = list(
        Entry.objects.filter(owner=person, kind=EntryKind.ABSENCE, ends_at__gt=midnight(day)).values_list(
            "starts_at", "ends_at"
        )
    )
    for n in range(1, 62):
        found = day + datetime.timedelta(days=n)
        start, end = midnight(found), midnight(found + datetime.timedelta(days=1))
        if is_working_day(found, person.region_id) and not any(a < end and b > start for a, b in away):
            return found
    return day + datetime.timedelta(days=1)


def day_of_plan(person: User, day: datetime.date) -> PlanOfDay:
    """One's own lines of a day, oldest first: three statements."""
    start, end = midnight(day), midnight(day + datetime.timedelta(days=1))
    rows = Entry.objects.visible_to(person).filter(owner=person, kind__in=PROMISED, subscription__isnull=True)
    lines = rows.between(start, end).with_names().order_by("starts_at", "pk")
    return PlanOfDay(list(lines), next_working_day(day, person))


def lines_of_day(person: User, day: datetime.date) -> list[Line]:
    """Everything that stands in an agenda on one day."""
    end = day + datetime.timedelta(days=1)
    entries = steady.rows("lines of a day", person, _entries_between, midnight(day), midnight(end))
    (found,) = days_with(lines_with(entries, person), day, end, person.region_id)
    return [*found.whole, *found.lines]


def _entries_between(person: User, start: datetime.datetime, end: datetime.datetime) -> QuerySet[Entry]:
    rows = Entry.objects.visible_to(person).of(person).between(start, end).select_related("company")
    return rows.order_by("starts_at", "ends_at", "pk")


def today_of(person: User) -> dict[str, Any]:
    """What the desk shows of today: {lines, plan, clock, evening}.

    Two statements, one more for each of those that are there: a plan, a clock that runs, what interrupts it.
    """
    today = timezone.localdate()
    asked = {"plan": _plan_for(person, today), "span": running(person), "interruption": lasting(person)}
    ends = _day_ends(person)
    there = together.exist(**asked, **({"made": _plan_made_on(person, today)} if ends else {}))
    found = {name: next(iter(part.rows()), None) if there[name] else None for name, part in asked.items()}
    return {
        "lines": lines_of_day(person, today),
        "plan": found["plan"],
        "clock": (found["span"], found["interruption"]),
        "evening": ends and not there["made"],
    }


def beside_agenda(person: User, on: datetime.date) -> dict[str, Any]:
    """What stands around one's own agenda: {checks, clock, evening}. One statement, and what a reason found says.

    `evening`: a working day draws to its end and its plan is not made, the moment to ask for it (ledger AGD-03).
    """
    ends = _day_ends(person)
    asked = asked_of_checks(person, on) | {"span": running(person), "interruption": lasting(person)}
    if ends:
        asked["made"] = _plan_made_on(person, timezone.localdate())
    told = together.ask(**asked)
    return {
        "checks": checks_from(person, on, told),
        "clock": (next(iter(told["span"]), None), next(iter(told["interruption"]), None)),
        "evening": ends and not told["made"],
    }


def _plan_for(person: User, day: datetime.date) -> steady.Part:
    """The plan of a day that was made at the end of the one before."""
    return steady.part("plan of a day", person, _planned, day)


def _planned(person: User, day: datetime.date) -> QuerySet[DayPlan]:
    return DayPlan.objects.visible_to(person).filter(day=day).order_by("-made_on")[:1]


def _plan_made_on(person: User, day: datetime.date) -> steady.Part:
    return steady.part("plan made on a day", person, _made, day)


def _made(person: User, day: datetime.date) -> QuerySet[DayPlan]:
    return DayPlan.objects.visible_to(person).filter(made_on=day).order_by()[:1]


def _day_ends(person: User) -> bool:
    now = timezone.localtime()
    return now.time() >= EVENING and is_working_day(now.date(), person.region_id)


def managers_of(person: User) -> list[User]:
    """Who may hold the weekly talk: the managers of the organisation that one acts for."""
    if person.organisation is None:
        return []
    found = User.objects.working().acting_in(organisation=person.organisation, role=Role.TEAM_MANAGER)
    return list(found.exclude(pk=person.pk).order_by("last_name", "first_name"))
