"""An agenda as it is drawn: days with their lines, in the reader's time zone."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pavillon.accounts.models import User
from pavillon.agenda.enums import Answer, EntryKind
from pavillon.agenda.models import Entry, Participant
from pavillon.agenda.queries.origins import name_by_words
from pavillon.agenda.queries.templates import day_names
from pavillon.reference.queries import holidays, is_working_day
from pavillon.ui import steady

# The drawn day goes from seven to eight in the evening; what lies outside stands at its edge.
FIRST_HOUR, LAST_HOUR = 7, 20
QUARTERS = (LAST_HOUR - FIRST_HOUR) * 4
MOST_LANES = 4
# A day is as wide as any number of lanes divides.
TWELFTHS = 12
FIRST_YEAR, LAST_YEAR = 1900, 2199
VIEWS = ("day", "week", "weeks4", "months3", "year")


@dataclass
class Line:
    """One entry on one day. `entry` is None where the reader may only know that the time is taken.

    `row` and `rows` are quarters of an hour from FIRST_HOUR. `lane` is its column among the `lanes` of those that
    overlap, and `wide` how many of these it takes: up to the next one beside it. `column` and `columns` are the same
    in twelfths of the day.
    """

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    entry: Entry | None = None
    row: int = 1
    rows: int = 1
    lane: int = 1
    lanes: int = 1
    wide: int = 1
    clashes: bool = False

    @property
    def column(self) -> int:
        return (self.lane - 1) * TWELFTHS // self.lanes + 1

    @property
    def columns(self) -> int:
        return self.wide * TWELFTHS // self.lanes

    @property
    def is_short(self) -> bool:
        return self.rows < 3


@dataclass
class Day:
    """One day of an agenda: its lines by the clock, and those that last the whole day."""

    on: datetime.date
    holiday: str = ""
    is_working: bool = True
    is_bridge: bool = False
    lines: list[Line] = field(default_factory=list)
    whole: list[Line] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.on == timezone.localdate()

    @property
    def look(self) -> tuple[datetime.date | str | bool, ...]:
        """All that its head shows."""
        return self.on, self.holiday, self.is_working, self.is_bridge, self.is_today, self.is_free

    @property
    def is_free(self) -> bool:
        """A day off with nothing on it: it may be drawn narrow."""
        return not self.is_working and not self.lines and not self.whole

    @property
    def absence(self) -> Line | None:
        return next((x for x in self.whole if x.entry and x.entry.kind == EntryKind.ABSENCE), None)

    @property
    def count(self) -> int:
        return len(self.lines) + len(self.whole)


def midnight(day: datetime.date) -> datetime.datetime:
    """The beginning of a day where the reader is."""
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_current_timezone())


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the last of its month where there is none: 30 November + 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def span_of(view: str, on: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First day, and the day after the last: of a day, a week, four weeks, the next three months, a year."""
    monday = monday_of(on)
    if view == "day":
        return on, on + datetime.timedelta(days=1)
    if view == "weeks4":
        return monday, monday + datetime.timedelta(weeks=4)
    if view == "months3":
        return on, months_later(on, 3)
    if view == "year":
        return on.replace(month=1, day=1), datetime.date(on.year + 1, 1, 1)
    return monday, monday + datetime.timedelta(weeks=1)


def neighbours_of(view: str, on: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The day to show for the stretch before, and for the one after."""
    steps = {"day": 1, "week": 7, "weeks4": 28}
    if view in steps:
        step = datetime.timedelta(days=steps[view])
        return on - step, on + step
    months = 3 if view == "months3" else 12
    return months_later(on, -months), months_later(on, months)


def is_bridge(day: datetime.date, region: str = "") -> bool:
    """A working day alone between days off, of which one at least is a holiday: the Friday after Ascension Day."""
    one = datetime.timedelta(days=1)
    around = (day - one, day + one)
    if not is_working_day(day, region) or any(is_working_day(each, region) for each in around):
        return False
    return any(each in holidays(each.year, region) for each in around)


def agenda_of(person: User, reader: User, start: datetime.date, end: datetime.date) -> list[Day]:
    """The days of a person from `start` to the day before `end`: one statement, two of somebody else's agenda.

    And those of the rooms whose entries are in it.
    """
    since, until = midnight(start), midnight(end)
    if person.pk == reader.pk:
        found = steady.rows("agenda of one's own", reader, _own_entries, since, until)
    else:
        found = list(_entries_of(person, reader, since, until))
    lines = lines_with(found, reader)
    if person.pk != reader.pk:
        seen = {line.entry.pk for line in lines if line.entry}
        hidden = busy_of([person], since, until, but=seen)
        lines += [Line(starts_at, ends_at) for _who, starts_at, ends_at, _kind in hidden]
        lines.sort(key=lambda line: (line.starts_at, line.ends_at))
    return days_with(lines, start, end, person.region_id)


def lines_with(entries: list[Entry], reader: User) -> list[Line]:
    """Entries as lines, those of other rooms called as these say."""
    name_by_words(entries, reader)
    return [Line(entry.starts_at, entry.ends_at, entry) for entry in entries]


def _own_entries(reader: User, since: datetime.datetime, until: datetime.datetime) -> QuerySet[Entry]:
    return _entries_of(reader, reader, since, until)


def _entries_of(person: User, reader: User, since: datetime.datetime, until: datetime.datetime) -> QuerySet[Entry]:
    entries = Entry.objects.visible_to(reader).of(person).between(since, until).with_names()
    return entries.order_by("starts_at", "ends_at", "pk")


def busy_of(
    people: Iterable[User], since: datetime.datetime, until: datetime.datetime, *, but: Iterable[int] = ()
) -> list[tuple[int, datetime.datetime, datetime.datetime, str]]:
    """When these people are taken, and nothing else: (person, from, until, "absence" or ""). Two statements."""
    keys = [person.pk for person in people]
    taken = Entry.objects.taking_time().between(since, until).exclude(pk__in=list(but))
    own = taken.filter(owner__in=keys).values_list("owner", "starts_at", "ends_at", "kind")
    guests = (
        Participant.objects.filter(person__in=keys, entry__in=taken.values("pk"))
        .exclude(answer=Answer.DECLINED)
        .values_list("person", "entry__starts_at", "entry__ends_at", "entry__kind")
    )
    found = {*own, *guests}
    return sorted((who, a, b, kind if kind == EntryKind.ABSENCE else "") for who, a, b, kind in found)


def days_with(lines: list[Line], start: datetime.date, end: datetime.date, region: str) -> list[Day]:
    days = [
        Day(
            on=day,
            holiday=holidays(day.year, region).get(day, ""),
            is_working=is_working_day(day, region),
            is_bridge=is_bridge(day, region),
        )
        for day in (start + datetime.timedelta(days=n) for n in range((end - start).days))
    ]
    for line in lines:
        first = timezone.localtime(line.starts_at).date()
        last = timezone.localtime(line.ends_at - datetime.timedelta(microseconds=1)).date()
        for number in range(max(0, (first - start).days), min(len(days) - 1, (last - start).days) + 1):
            day = days[number]
            if first != last or (line.entry and line.entry.all_day):
                day.whole.append(line)
            else:
                day.lines.append(line)
    for day in days:
        _place(day.lines)
    return days


def _place(lines: list[Line]) -> None:
    """Give the lines of a day their rows, and columns of their own to those that overlap."""
    group: list[Line] = []
    ends = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    for line in lines:
        start, end = (_quarter(each) for each in (line.starts_at, line.ends_at))
        line.row = min(max(start, 0), QUARTERS - 1) + 1
        line.rows = max(1, min(max(end, 1), QUARTERS) - line.row + 1)
        if line.starts_at >= ends:
            _share(group)
            group = []
        group.append(line)
        ends = max(ends, line.ends_at)
    _share(group)


def _quarter(moment: datetime.datetime) -> int:
    local = timezone.localtime(moment)
    return -(-((local.hour - FIRST_HOUR) * 60 + local.minute) // 15)


def _share(group: list[Line]) -> None:
    free: list[datetime.datetime] = []
    for line in group:
        lane = next((n for n, until in enumerate(free) if until <= line.starts_at), len(free))
        free[lane : lane + 1] = [line.ends_at]
        line.lane = min(lane, MOST_LANES - 1) + 1
    for line in group:
        line.lanes = min(len(free), MOST_LANES)
    for line in group:
        beside = [other.lane for other in group if other.lane > line.lane and _meet(line, other)]
        line.wide = min(beside, default=line.lanes + 1) - line.lane
        line.clashes = any(_both_booked(line, other) for other in group)


def _meet(one: Line, other: Line) -> bool:
    """Whether two different lines share a moment, or a quarter of an hour as they are drawn."""
    by_clock = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return one is not other and (by_clock or (one.row < other.row + other.rows and other.row < one.row + one.rows))


def _both_booked(one: Line, other: Line) -> bool:
    """Two things at the same time that somebody must be at; time set aside for oneself gives way."""
    if one is other or one.starts_at >= other.ends_at or other.starts_at >= one.ends_at:
        return False
    return all(line.entry is None or line.entry.is_busy for line in (one, other))


def clashes_of(
    person: User, starts_at: datetime.datetime, ends_at: datetime.datetime, *, but: int | None = None
) -> list[Entry]:
    """What else a person must be at during that time: for the warning beside a form. One statement."""
    found = Entry.objects.visible_to(person).of(person).between(starts_at, ends_at).taking_time()
    return list(found.exclude(pk=but).order_by("starts_at")[:5])


def weeks_of(days: list[Day]) -> list[list[Day | None]]:
    """Days in rows from Monday to Sunday, None before the first and after the last."""
    if not days:
        return []
    padded: list[Day | None] = [None] * days[0].on.weekday() + list(days)
    padded += [None] * (-len(padded) % 7)
    return [padded[n : n + 7] for n in range(0, len(padded), 7)]


def months_of(days: list[Day]) -> list[tuple[datetime.date, list[list[Day | None]]]]:
    """[(first of the month, its weeks), …]."""
    months: dict[datetime.date, list[Day]] = {}
    for day in days:
        months.setdefault(day.on.replace(day=1), []).append(day)
    return [(first, weeks_of(found)) for first, found in months.items()]


def read_day(text: str) -> datetime.date:
    """A day of an address ("2026-03-02"), today when it is none, or so far that no calendar has its neighbours."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else timezone.localdate()


def moment_at(day: datetime.date, time: datetime.time, zone: str = "") -> datetime.datetime:
    """A moment on the clock of a place, by default the reader's."""
    place: Any = ZoneInfo(zone) if zone else timezone.get_current_timezone()
    return datetime.datetime.combine(day, time, place)


def words_of_calendar() -> dict[str, Any]:
    """What a drawn agenda is labelled with: lengths of time, hours, days of the week."""
    return {
        "views": [
            ("day", pgettext("agenda", "Day")),
            ("week", pgettext("agenda", "Week")),
            ("weeks4", _("Four weeks")),
            ("months3", _("Three months")),
            ("year", pgettext("agenda", "Year")),
        ],
        "hours": [f"{hour:02d}" for hour in range(FIRST_HOUR, LAST_HOUR)],
        "day_names": day_names("abbreviated"),
    }
