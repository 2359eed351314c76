"""The diagnosis of time: what was planned, what it took, what was lost to whom and why.

Definitions, all in minutes over the entries of one person that touch a period:

* planned = Σ (until − from) of the entries, cut to the period. Source: ledger AGD-10, "planned and real duration".
* real = Σ of the clocked stretches − Σ of the interruptions of the same entries, cut to the period. Source: ledger
  AGD-11, an interruption is "subtracted from the task". Never below zero.
* gap = real − planned, and gap ÷ planned as a share: derived, no formula of the specification says it.
* lost = Σ of the interruptions, by who and by why. Source: ledger AGD-11, "report of time lost by person and cause".

Time is counted in whole seconds and shown in minutes and seconds where it is no whole minute: nothing is rounded.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.agenda.enums import Activity, EntryKind, Who, Why
from pavillon.agenda.models import Entry, Interruption, TimeSpan
from pavillon.agenda.queries.calendar import midnight
from pavillon.ui import steady


@dataclass
class Measured:
    """Planned and real time of one entry, of an activity or of everything, in seconds."""

    label: str = ""
    entry: Entry | None = None
    planned: int = 0
    worked: int = 0
    interrupted: int = 0
    is_timed: bool = False
    is_running: bool = False

    @property
    def real(self) -> int:
        return max(0, self.worked - self.interrupted)

    @property
    def gap(self) -> int:
        """Beyond what was planned; negative when it took less."""
        return self.real - self.planned

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.gap, self.planned) if self.planned else None


@dataclass
class Lost:
    """Time lost to one person, or for one cause."""

    label: str
    times: int
    minutes: int


@dataclass
class Diagnosis:
    """A period of one person. Sums count timed entries only: what nobody clocked says nothing about gaps."""

    since: datetime.date
    until: datetime.date
    entries: list[Measured] = field(default_factory=list)
    activities: list[Measured] = field(default_factory=list)
    by_who: list[Lost] = field(default_factory=list)
    by_why: list[Lost] = field(default_factory=list)
    interruptions: list[Interruption] = field(default_factory=list)

    @property
    def total(self) -> Measured:
        return _sum("", [each for each in self.entries if each.is_timed])

    @property
    def untimed(self) -> int:
        return sum(not each.is_timed for each in self.entries)

    @property
    def lost(self) -> int:
        """Minutes."""
        return sum(each.minutes for each in self.by_who)


def diagnosis_of(person: User, since: datetime.date, until: datetime.date) -> Diagnosis:
    """The days from `since` to `until`, both included: six statements whatever they hold."""
    start, end = midnight(since), midnight(until + datetime.timedelta(days=1))
    rows = Entry.objects.visible_to(person).filter(owner=person).exclude(kind=EntryKind.ABSENCE).between(start, end)
    found = {entry.pk: _planned(entry, start, end) for entry in rows.with_names().order_by("starts_at", "pk")}
    now = timezone.now()
    spans = TimeSpan.objects.visible_to(person).filter(started_at__lt=end).exclude(ended_at__lte=start)
    for span in spans.select_related("entry", "entry__company"):
        line = found.setdefault(span.entry_id, Measured(span.entry.title, span.entry))
        line.is_timed, line.is_running = True, line.is_running or span.ended_at is None
        line.worked += _seconds(max(span.started_at, start), min(span.ended_at or now, end))
    told = Interruption.objects.visible_to(person).filter(began_at__gte=start, began_at__lt=end, minutes__isnull=False)
    for entry, minutes in told.filter(entry__isnull=False).values_list("entry").annotate(Sum("minutes")).order_by():
        if entry in found:
            found[entry].interrupted += minutes * 60
    return Diagnosis(
        since=since,
        until=until,
        entries=list(found.values()),
        activities=_by_activity([line for line in found.values() if line.is_timed]),
        by_who=_lost(told, "who", Who),
        by_why=_lost(told, "why", Why),
        interruptions=list(told.select_related("entry").order_by("-began_at")[:200]),
    )


def _planned(entry: Entry, start: datetime.datetime, end: datetime.datetime) -> Measured:
    # What was written down only after it was over had no plan.
    was_planned = entry.created_at < entry.ends_at
    planned = _seconds(max(entry.starts_at, start), min(entry.ends_at, end)) if was_planned else 0
    return Measured(entry.title, entry, planned=planned)


def _seconds(start: datetime.datetime, end: datetime.datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def _by_activity(lines: list[Measured]) -> list[Measured]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for line in lines:
        if line.entry is not None:
            groups[line.entry.activity_meant].append(line)
    order = [*Activity.values, ""]
    labels: dict[str, Any] = dict(Activity.choices)
    return [_sum(str(labels.get(name, "")), groups[name]) for name in order if name in groups]


def _sum(label: str, lines: list[Measured]) -> Measured:
    return Measured(
        label,
        planned=sum(each.planned for each in lines),
        worked=sum(each.worked for each in lines),
        interrupted=sum(min(each.interrupted, each.worked) for each in lines),
        is_timed=True,
    )


def _lost(rows: Any, name: str, words: Any) -> list[Lost]:
    found = rows.values_list(name).annotate(times=Count("pk"), minutes=Sum("minutes")).order_by("-minutes", name)
    return [Lost(str(words(key).label), times, minutes) for key, times, minutes in found]


def clock_of(person: User) -> tuple[TimeSpan | None, Interruption | None]:
    """What runs, and what interrupts it: two statements."""
    return next(iter(running(person).rows()), None), next(iter(lasting(person).rows()), None)


def running(person: User) -> steady.Part:
    """The clock, for who asks for more at once."""
    return steady.part("clock that runs", person, _running)


def _running(person: User) -> QuerySet[TimeSpan]:
    return TimeSpan.objects.visible_to(person).running().select_related("entry")[:1]


def lasting(person: User) -> steady.Part:
    """What interrupts it."""
    return steady.part("interruption that lasts", person, _lasting)


def _lasting(person: User) -> QuerySet[Interruption]:
    return Interruption.objects.visible_to(person).open()[:1]
