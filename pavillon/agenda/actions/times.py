"""The clock of work: start, stop, interrupted, back to work."""

import contextlib
import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.agenda.actions.entries import finish_entry, keep_origin, wake_agenda
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import Entry, Interruption, TimeSpan
from pavillon.directory.models import Company


class NothingRuns(Exception):
    """No clock runs: start one on an entry first."""


class TimeTaken(Exception):
    """Work on something else is already noted for that time."""


@transaction.atomic
def start_work(*, entry: Entry, by: User) -> TimeSpan:
    """The real time of an entry begins; the clock of another one stops."""
    User.objects.select_for_update().get(pk=by.pk)
    running = TimeSpan.objects.filter(owner=by).running().first()
    if running is not None and running.entry_id == entry.pk:
        return running
    if running is not None:
        _stop(running)
    span = TimeSpan.objects.create(owner=by, entry=entry, started_at=timezone.now())
    record("agenda.work_started", entry, by=by)
    wake_agenda(by)
    return span


@transaction.atomic
def stop_work(*, by: User, is_done: bool = False) -> TimeSpan:
    """The clock stops; with `is_done` the entry is ticked. Raises NothingRuns."""
    span = TimeSpan.objects.select_for_update().filter(owner=by).running().first()
    if span is None:
        raise NothingRuns(_("No clock runs: start one on a line of your agenda."))
    _stop(span)
    if is_done and span.entry.done_at is None:
        span.entry.done_at = span.ended_at
        span.entry.save(update_fields=["done_at", "changed_at"])
    record("agenda.work_stopped", span.entry, by=by, done=is_done)
    wake_agenda(by)
    return span


def _stop(span: TimeSpan) -> None:
    span.ended_at = timezone.now()
    span.save(update_fields=["ended_at"])
    for each in Interruption.objects.filter(owner=span.owner, entry=span.entry).open():
        # The clock was stopped while it lasted: nobody said who or why, so that it is no interruption.
        each.delete()


@transaction.atomic
def begin_interruption(*, by: User) -> Interruption:
    """First press: something interrupts what runs, from now on. Nothing happens while another one lasts."""
    known = Interruption.objects.filter(owner=by).open().first()
    if known is not None:
        return known
    span = TimeSpan.objects.filter(owner=by).running().select_related("entry").first()
    interruption = Interruption.objects.create(owner=by, entry=span.entry if span else None, began_at=timezone.now())
    record("agenda.interruption_began", interruption, by=by)
    wake_agenda(by)
    return interruption


@transaction.atomic
def end_interruption(*, who: str, why: str, by: User, name: str = "") -> Interruption:
    """Second press: back to work, and who it was and why. It lasted whole minutes, one at least. Raises NothingRuns."""
    interruption = Interruption.objects.select_for_update().filter(owner=by).open().first()
    if interruption is None:
        raise NothingRuns(_("No interruption lasts: write it down with its length instead."))
    seconds = (timezone.now() - interruption.began_at).total_seconds()
    interruption.who, interruption.why, interruption.name = who, why, name.strip()
    # A minute begun counts: minutes are what people say, and seconds would look exact without being so.
    interruption.minutes = max(1, -(-int(seconds) // 60))
    interruption.save()
    record("agenda.interruption_ended", interruption, by=by, who=who, why=why, minutes=interruption.minutes)
    wake_agenda(by)
    return interruption


@transaction.atomic
def log_interruption(*, who: str, why: str, minutes: int, by: User, name: str = "") -> Interruption:
    """An interruption that is over: who, why, how long. It is taken off what ran when it began, or runs now."""
    began_at = timezone.now() - datetime.timedelta(minutes=minutes)
    spans = TimeSpan.objects.filter(owner=by, started_at__lte=timezone.now())
    span = spans.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=began_at)).order_by("-started_at").first()
    interruption = Interruption.objects.create(
        owner=by,
        entry=span.entry if span else None,
        who=who,
        why=why,
        name=name.strip(),
        began_at=began_at,
        minutes=minutes,
    )
    record("agenda.interruption_logged", interruption, by=by, who=who, why=why, minutes=minutes)
    wake_agenda(by)
    return interruption


@transaction.atomic
def note_real_time(*, entry: Entry, starts_at: datetime.datetime, ends_at: datetime.datetime, by: User) -> TimeSpan:
    """Real time that was not clocked: told afterwards, by hand or by an exchange that was logged. Raises TimeTaken."""
    User.objects.select_for_update().get(pk=by.pk)
    others = TimeSpan.objects.filter(owner=by, started_at__lt=ends_at)
    if others.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=starts_at)).exists():
        raise TimeTaken(_("Work on something else is already noted for that time."))
    span = TimeSpan.objects.create(owner=by, entry=entry, started_at=starts_at, ended_at=ends_at)
    record("agenda.real_time_noted", entry, by=by, minutes=int((ends_at - starts_at).total_seconds() // 60))
    wake_agenda(by)
    return span


# What an exchange may have been planned as.
PLANNED_AS = (EntryKind.APPOINTMENT, EntryKind.VISIT, EntryKind.CALL, EntryKind.MEETING, EntryKind.TASK)


@transaction.atomic
def note_exchange(
    *,
    person: User,
    company: Company,
    kind: str,
    title: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    origin: str,
    url: str = "",
) -> Entry:
    """An exchange that took place: the real time of what was planned with that company that day, or a new entry.

    Told again of the same `origin`, nothing more is noted. Time that a clock counts already is not counted twice.
    """
    known = Entry.objects.filter(origin=origin).first()
    if known is not None:
        return known
    zone = ZoneInfo(person.time_zone)
    day = datetime.datetime.combine(starts_at.astimezone(zone).date(), datetime.time.min, zone)
    rows = Entry.objects.filter(owner=person, company=company, kind__in=PLANNED_AS, all_day=False, done_at__isnull=True)
    planned = min(
        rows.between(day, day + datetime.timedelta(days=1)),
        key=lambda entry: abs(entry.starts_at - starts_at),
        default=None,
    )
    if planned is not None:
        entry = finish_entry(entry=planned, by=person)
    else:
        away = Entry.objects.filter(owner=person, kind=EntryKind.ABSENCE).between(starts_at, ends_at).exists()
        made = keep_origin(
            origin=origin,
            person=person,
            starts_at=starts_at,
            minutes=int((ends_at - starts_at).total_seconds() // 60),
            title=title,
            # Nobody is booked on a day off; who answered the phone all the same has done a task.
            kind=EntryKind.TASK if away else kind,
            company=company,
            url=url,
            done_at=ends_at,
            by=person,
        )
        assert made is not None, "it has a person and a moment"
        entry = made
    with contextlib.suppress(TimeTaken):
        note_real_time(entry=entry, starts_at=starts_at, ends_at=ends_at, by=person)
    return entry
