"""What a week should hold: enough free time, a talk with the manager, plans far enough ahead."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from pavillon.accounts.models import User
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import DayPlan, Entry
from pavillon.agenda.queries.calendar import midnight, moment_at, monday_of
from pavillon.agenda.queries.templates import Week, templates_of, week_from, week_of
from pavillon.reference.queries import is_working_day
from pavillon.ui import steady, together

WEEKS_AHEAD = 4

Stretch = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class MeetingReason:
    """What makes more than one talk a week with the manager advisable.

    `asks(user)` are its questions by name; `says(user, rows of each)` returns words or "".
    """

    asks: Callable[[User], Mapping[str, steady.Part]]
    says: Callable[[User, Mapping[str, list[Any]]], str]


_reasons: list[MeetingReason] = []


def add_meeting_reason(reason: MeetingReason) -> None:
    """A room above tells when a large account or a complex matter is open (ledger AGD-02)."""
    _reasons.append(reason)


@dataclass
class WeekCheck:
    """One week of a person, in minutes of work; `load` is booked ÷ working, as an exact fraction."""

    monday: datetime.date
    working: int
    booked: int
    entries: int
    one_to_ones: int
    needed: int
    buffer: int
    reasons: list[str] = field(default_factory=list)

    @property
    def load(self) -> Fraction:
        return Fraction(self.booked, self.working) if self.working else Fraction(0)

    @property
    def percent(self) -> int:
        """Rounded down: the page shows the minutes beside it."""
        return int(self.load * 100)

    @property
    def free(self) -> int:
        return max(0, self.working - self.booked)

    @property
    def is_overbooked(self) -> bool:
        """Less is left than the share that the template keeps free (ledger AGD-05)."""
        return self.working > 0 and self.load > 1 - Fraction(self.buffer, 100)

    @property
    def lacks_one_to_one(self) -> bool:
        return self.working > 0 and self.one_to_ones < self.needed

    @property
    def is_planned(self) -> bool:
        """Something stands in it, or nobody works."""
        return self.entries > 0 or self.working == 0


@dataclass
class Checks:
    """This week, the weeks ahead, and what to say about them."""

    week: WeekCheck
    ahead: list[WeekCheck]
    plans: list[DayPlan]

    @property
    def planned_ahead(self) -> int:
        return sum(week.is_planned for week in self.ahead)

    @property
    def asked_ahead(self) -> int:
        return len(self.ahead)

    @property
    def done(self) -> int:
        """Lines ticked in the plans of the days of this week."""
        return sum(plan.done for plan in self.plans)

    @property
    def left(self) -> int:
        return sum(plan.left for plan in self.plans)


def checks_of(person: User, on: datetime.date) -> Checks:
    """The week of a day and those after it: one statement whatever they hold, and what a reason found says."""
    return checks_from(person, on, together.ask(**asked_of_checks(person, on)))


def asked_of_checks(person: User, on: datetime.date) -> dict[str, steady.Part]:
    """What they are told from, for who asks for more at once: questions by name.

    Four weeks are looked at (ledger AGD-04: "à quatre semaines, voire plus"), the present one first.
    """
    monday = monday_of(on)
    since, until = midnight(monday), midnight(monday + datetime.timedelta(weeks=WEEKS_AHEAD))
    next_monday = monday + datetime.timedelta(days=7)
    return {
        "templates": steady.part("typical weeks", person, templates_of),
        "times": steady.part("times of an agenda", person, _times_between, since, until),
        "plans": steady.part("plans of a week", person, _plans_between, monday, next_monday),
    } | {f"{n}_{name}": part for n, reason in enumerate(_reasons) for name, part in reason.asks(person).items()}


def _times_between(person: User, since: datetime.datetime, until: datetime.datetime) -> QuerySet[Any, Any]:
    rows = Entry.objects.visible_to(person).of(person).between(since, until)
    return rows.values_list("kind", "starts_at", "ends_at")


def _plans_between(person: User, since: datetime.date, until: datetime.date) -> QuerySet[DayPlan]:
    return DayPlan.objects.visible_to(person).filter(made_on__gte=since, made_on__lt=until).order_by("made_on")


def checks_from(person: User, on: datetime.date, told: Mapping[str, list[Any]]) -> Checks:
    """The same from the rows of `asked_of_checks`."""
    monday, template = monday_of(on), week_from(told["templates"])
    weeks = []
    for number in range(WEEKS_AHEAD):
        first = monday + datetime.timedelta(weeks=number)
        weeks.append(_check(first, told["times"], template, person.region_id))
    for n, reason in enumerate(_reasons):
        rows = {name.removeprefix(f"{n}_"): found for name, found in told.items() if name.startswith(f"{n}_")}
        if words := reason.says(person, rows):
            weeks[0].reasons.append(words)
    weeks[0].needed += bool(weeks[0].reasons)
    return Checks(weeks[0], weeks, told["plans"])


def _check(
    monday: datetime.date, rows: list[tuple[str, datetime.datetime, datetime.datetime]], template: Week, region: str
) -> WeekCheck:
    since, until = midnight(monday), midnight(monday + datetime.timedelta(days=7))
    here = [(kind, max(a, since), min(b, until)) for kind, a, b in rows if a < until and b > since]
    away = [(a, b) for kind, a, b in here if kind == EntryKind.ABSENCE]
    windows = without(
        [
            (moment_at(day, start), moment_at(day, end))
            for day in (monday + datetime.timedelta(days=n) for n in range(5))
            if is_working_day(day, region)
            for start, end in (template.morning, template.afternoon)
        ],
        away,
    )
    others = [(a, b) for kind, a, b in here if kind != EntryKind.ABSENCE]
    working = _length(windows)
    return WeekCheck(
        monday=monday,
        working=working,
        booked=working - _length(without(windows, others)),
        entries=len(others),
        one_to_ones=sum(kind == EntryKind.ONE_TO_ONE for kind, _a, _b in here),
        needed=template.one_to_ones,
        buffer=template.buffer,
    )


def without(stretches: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """What is left of some stretches of time when others are taken out of them."""
    left = stretches
    for start, end in taken:
        left = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
    return left


def _length(stretches: list[Stretch]) -> int:
    return sum(int((end - start).total_seconds() // 60) for start, end in stretches)


def free_time(person: User, day: datetime.date, minutes: int, *, taken: list[Stretch] | None = None) -> Stretch | None:
    """The first stretch of a working day that is free and long enough, None when there is none. Three statements."""
    template = week_of(person, person.organisation)
    windows = [(moment_at(day, a), moment_at(day, b)) for a, b in (template.morning, template.afternoon)]
    rows = Entry.objects.visible_to(person).of(person).taking_time()
    known = list(
        rows.between(midnight(day), midnight(day + datetime.timedelta(days=1))).values_list("starts_at", "ends_at")
    )
    for start, end in sorted(without(windows, [*known, *(taken or [])])):
        if end - start >= datetime.timedelta(minutes=minutes):
            return start, start + datetime.timedelta(minutes=minutes)
    return None
