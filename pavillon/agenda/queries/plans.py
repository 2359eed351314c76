"""The end of a day: what was on it, what is left, what the next one brings."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import DayPlan, Entry
from pavillon.agenda.queries.calendar import Line, agenda_of, midnight
from pavillon.reference.queries import is_working_day
from pavillon.ui import steady

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
    (found,) = agenda_of(person, person, day, day + datetime.timedelta(days=1))
    return [*found.whole, *found.lines]


def plan_for(person: User, day: datetime.date) -> DayPlan | None:
    """The plan of a day that was made at the end of the one before."""

    def made(who: User) -> QuerySet[DayPlan]:
        return DayPlan.objects.visible_to(who).filter(day=day).order_by("-made_on")[:1]

    return next(iter(steady.rows(("plan of a day", day), person, made)), None)


def evening_has_come(person: User) -> bool:
    """A working day draws to its end and its plan is not made: the moment to ask for it (ledger AGD-03)."""
    now = timezone.localtime()
    if now.time() < EVENING or not is_working_day(now.date(), person.region_id):
        return False
    made_on = now.date()

    def made(who: User) -> QuerySet[DayPlan]:
        return DayPlan.objects.visible_to(who).filter(made_on=made_on).order_by()[:1]

    return not steady.rows(("plan made on", made_on), person, made)


def managers_of(person: User) -> list[User]:
    """Who may hold the weekly talk: the managers of the organisation that one acts for."""
    if person.organisation is None:
        return []
    found = User.objects.working().acting_in(organisation=person.organisation, role=Role.TEAM_MANAGER)
    return list(found.exclude(pk=person.pk).order_by("last_name", "first_name"))
