"""Entries are written, moved, repeated and taken away."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record, wake
from pavillon.agenda.actions.talks import tell_lost_talk, tell_moved_talk
from pavillon.agenda.enums import BOOKED_KINDS, EntryKind, Repeat, Sight
from pavillon.agenda.events import absence_planned, absence_removed, entry_changed, entry_deleted
from pavillon.agenda.ical import NotACalendar, moments_of
from pavillon.agenda.models import Entry, Series
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.models import Company
from pavillon.reference.queries import is_working_day
from pavillon.ui.words import day as day_in_words

# How far a repeated entry is written out; the nightly job goes on from there.
HORIZON = datetime.timedelta(days=400)
RULES = {
    Repeat.DAILY: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    Repeat.WEEKLY: "FREQ=WEEKLY",
    Repeat.MONTHLY: "FREQ=MONTHLY",
}
CONSTRAINTS = ("no_appointment_during_an_absence", "absences_of_the_agenda_do_not_overlap")


class DayTaken(Exception):
    """An absence and an appointment would be at the same time: the message names the other one."""


@transaction.atomic
def create_entry(
    *,
    by: User,
    title: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    kind: str = EntryKind.APPOINTMENT,
    activity: str = "",
    place: str = "",
    notes: str = "",
    company: Company | None = None,
    sight: str = Sight.TEAM,
    video_url: str = "",
    repeat: str = "",
    repeat_until: datetime.date | None = None,
    **more: Any,
) -> Entry:
    """Write a line in one's own agenda, once or again and again. Raises DayTaken.

    With `repeat`, the first one is returned; days of an absence are left out of the others.
    """
    values = {
        "owner": by,
        "organisation": by.organisation,
        "kind": kind,
        "activity": activity,
        "title": title.strip(),
        "place": place,
        "notes": notes,
        "company": company,
        "sight": sight,
        "video_url": video_url,
        "is_busy": kind != EntryKind.SLOT,
        **more,
    }
    if repeat:
        rule = RULES[Repeat(repeat)]
        if repeat_until:
            last = datetime.datetime.combine(repeat_until, datetime.time.max, ZoneInfo(by.time_zone))
            rule += f";UNTIL={last.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
        try:
            entry = create_series(by=by, rule=rule, starts_at=starts_at, ends_at=ends_at, values=values)
        except NotACalendar as error:
            raise DayTaken(str(error)) from error
    else:
        entry = write_row(Entry(starts_at=starts_at, ends_at=ends_at, **values))
    record("agenda.entry_created", entry, by=by, kind=kind, repeat=repeat)
    wake_agenda(by)
    return entry


def create_series(
    *,
    by: User,
    rule: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    values: dict[str, Any],
    uid: str = "",
    left_out: list[datetime.datetime] | None = None,
) -> Entry:
    """Write a rule and its days up to the horizon; the first one.

    Raises DayTaken when it has no day at all, NotACalendar when it has too many.
    """
    named = {"uid": uid} if uid else {}
    series = Series.objects.create(
        owner=by,
        rule=rule,
        starts_at=starts_at,
        minutes=max(int((ends_at - starts_at).total_seconds() // 60), 1),
        time_zone=by.time_zone,
        left_out=left_out or [],
        laid_until=timezone.localdate(),
        **named,
    )
    record("agenda.series_created", series, by=by, rule=rule)
    lay_series(series, values, until=max(timezone.now(), starts_at) + HORIZON)
    first = series.entries.order_by("starts_at").first()
    if first is None:
        raise DayTaken(_("You are away on each of these days: remove the absence first, or choose others."))
    return first


def lay_series(series: Series, values: dict[str, Any], *, until: datetime.datetime) -> None:
    """Write the days of a rule up to a moment, at the same hour of the clock for its owner. Raises NotACalendar."""
    zone = ZoneInfo(series.time_zone)
    start = series.starts_at.astimezone(zone)
    # Counted without a zone, so that ten o'clock stays ten o'clock when the clocks change.
    last = until.astimezone(zone).replace(tzinfo=None)
    moments = moments_of(series.rule, start.replace(tzinfo=None), last, zone)
    known = set(series.entries.values_list("starts_at", flat=True)) | set(series.left_out)
    away = list(
        Entry.objects.filter(owner=series.owner, kind=EntryKind.ABSENCE, ends_at__gt=series.starts_at).values_list(
            "starts_at", "ends_at"
        )
    )
    rows = []
    for moment in moments:
        starts_at = moment.replace(tzinfo=zone)
        ends_at = starts_at + datetime.timedelta(minutes=series.minutes)
        shut = values["kind"] in BOOKED_KINDS and any(a < ends_at and b > starts_at for a, b in away)
        if starts_at not in known and not shut:
            rows.append(Entry(series=series, uid=series.uid, starts_at=starts_at, ends_at=ends_at, **values))
    Entry.objects.bulk_create(rows)
    series.laid_until = until.date()
    series.save(update_fields=["laid_until", "changed_at"])


def extend_series() -> int:
    """Every night: rules without an end are written out further. How many."""
    soon = timezone.localdate() + HORIZON - datetime.timedelta(days=30)
    extended = 0
    for found in Series.objects.filter(laid_until__lt=soon).values_list("pk", flat=True):
        with transaction.atomic():
            series = Series.objects.select_for_update().select_related("owner").get(pk=found)
            last = series.entries.order_by("-starts_at").first()
            if last is None:
                series.delete()
                continue
            try:
                lay_series(series, _values_of(last), until=timezone.now() + HORIZON)
            except NotACalendar:
                continue  # It came back as often as a rule may: what is written stays.
            record("agenda.series_extended", series, by=None)
            extended += 1
    return extended


COPIED = ("organisation", "kind", "activity", "title", "place", "notes", "company", "sight", "video_url", "is_busy")


def _values_of(entry: Entry) -> dict[str, Any]:
    return {"owner": entry.owner, **{name: getattr(entry, name) for name in COPIED}}


@transaction.atomic
def change_entry(*, entry: Entry, by: User, **values: Any) -> Entry:
    """Say otherwise what an entry is and when; one day of a repeated entry leaves the rule. Raises DayTaken."""
    entry = _locked(entry)
    before = snapshot(entry)
    for name, value in values.items():
        setattr(entry, name, value)
    changes = changes_since(before, entry)
    if changes:
        _leave_series(entry, before.get("starts_at", entry.starts_at))
        entry.is_busy = entry.kind != EntryKind.SLOT
        entry.sequence += 1
        tell_moved_talk(entry)
        write_row(entry)
        record("agenda.entry_changed", entry, by=by, changes=changes)
        entry_changed.send(sender=Entry, entry=entry, changes=changes, by=by)
        wake_agenda(by)
    return entry


@transaction.atomic
def move_entry(*, entry: Entry, starts_at: datetime.datetime, ends_at: datetime.datetime, by: User) -> Entry:
    """Put an entry elsewhere, or make it longer or shorter. Raises DayTaken."""
    return change_entry(entry=entry, starts_at=starts_at, ends_at=ends_at, by=by)


@transaction.atomic
def delete_entry(*, entry: Entry, by: User, channel: str = "") -> None:
    """Take an entry away; of a repeated one, this day alone."""
    entry = _locked(entry)
    if entry.series is not None:
        _leave_out(entry.series, entry.starts_at)
    record("agenda.entry_deleted", entry, by=by, starts_at=entry.starts_at.isoformat(), channel=channel)
    tell_lost_talk(Entry.objects.filter(pk=entry.pk))
    entry_deleted.send(sender=Entry, entry=entry, by=by)
    if entry.kind == EntryKind.ABSENCE:
        absence_removed.send(sender=Entry, person=entry.owner, starts_on=entry.first_day, ends_on=entry.last_day, by=by)
    entry.delete()
    wake_agenda(by)


@transaction.atomic
def delete_series(*, series: Series, by: User) -> int:
    """End a repeated entry: what was stays, what was still to come goes. How many days went."""
    series = Series.objects.select_for_update().get(pk=series.pk)
    record("agenda.series_deleted", series, by=by, rule=series.rule)
    tell_lost_talk(series.entries.filter(starts_at__gt=timezone.now()))
    gone, _kinds = series.entries.filter(starts_at__gt=timezone.now()).delete()
    # Days that were keep their place, each with a name of its own.
    for entry in series.entries.all():
        become_single(entry)
        entry.save(update_fields=["series", "uid", "changed_at"])
    series.delete()
    wake_agenda(by)
    return gone


@transaction.atomic
def finish_entry(*, entry: Entry, by: User, is_done: bool = True) -> Entry:
    """Tick it, or take the tick away."""
    entry = _locked(entry)
    if (entry.done_at is not None) != is_done:
        entry.done_at = timezone.now() if is_done else None
        entry.save(update_fields=["done_at", "changed_at"])
        record("agenda.entry_finished" if is_done else "agenda.entry_reopened", entry, by=by)
        wake_agenda(by)
    return entry


@transaction.atomic
def plan_absence(*, starts_on: datetime.date, ends_on: datetime.date, reason: str, by: User) -> Entry:
    """Whole days on which one is away; time set aside on them goes. Raises DayTaken when something is booked."""
    zone = ZoneInfo(by.time_zone)
    starts_at = datetime.datetime.combine(starts_on, datetime.time.min, zone)
    ends_at = datetime.datetime.combine(ends_on + datetime.timedelta(days=1), datetime.time.min, zone)
    absence = Entry(
        owner=by,
        organisation=by.organisation,
        kind=EntryKind.ABSENCE,
        reason=reason,
        title="",
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=True,
        # Colleagues see that one is away; why is nobody's business.
        sight=Sight.BUSY,
    )
    absence.title = str(absence.get_reason_display())
    Entry.objects.filter(owner=by, kind=EntryKind.SLOT).between(starts_at, ends_at).delete()
    entry = write_row(absence)
    record("agenda.absence_planned", entry, by=by, starts_on=str(starts_on), ends_on=str(ends_on), reason=reason)
    absence_planned.send(sender=Entry, entry=entry, by=by)
    wake_agenda(by)
    return entry


@transaction.atomic
def keep_origin(
    *,
    origin: str,
    person: User | None,
    starts_at: datetime.datetime | None,
    minutes: int = 30,
    all_day: bool = False,
    title: str = "",
    kind: str = EntryKind.TASK,
    company: Company | None = None,
    url: str = "",
    done_at: datetime.datetime | None = None,
    organisation: Organisation | None = None,
    by: User | None,
) -> Entry | None:
    """What another room has to say for somebody's agenda: written, moved, or taken away when it has no moment.

    `origin` names the row there ("crm.lead:12"); one entry stands for it, in one agenda. The team that sees it is that
    of `organisation`, else of the person's first role; `by` is whose deed it was, None when the platform did it by
    itself.
    """
    known = Entry.objects.select_for_update().filter(origin=origin)
    if person is None or starts_at is None:
        for entry in known.filter(done_at__isnull=True):
            record("agenda.entry_deleted", entry, by=by)
            entry.delete()
        return None
    # What was done stays where it was, by itself; what comes next is another entry.
    if done_at is None:
        known.filter(done_at__isnull=False).update(origin="")
    entry = known.first() or Entry(origin=origin)
    entry.owner, entry.organisation, entry.title = person, organisation or person.organisation, title
    entry.starts_at, entry.ends_at = starts_at, starts_at + datetime.timedelta(minutes=minutes)
    entry.kind, entry.company, entry.url, entry.done_at = kind, company, url, done_at
    # A day without an hour is a reminder: it takes no time of that day.
    entry.all_day, entry.is_busy = all_day, not all_day
    entry.sequence += 1
    is_new = entry.pk is None
    entry.save()
    record("agenda.entry_created" if is_new else "agenda.entry_changed", entry, by=by, origin=origin)
    wake_agenda(person)
    return entry


def _locked(entry: Entry) -> Entry:
    return Entry.objects.select_for_update(of=("self",)).select_related("series", "owner").get(pk=entry.pk)


def _leave_series(entry: Entry, was_at: datetime.datetime) -> None:
    if entry.series is not None:
        _leave_out(entry.series, was_at)
        become_single(entry)


def _leave_out(series: Series, moment: datetime.datetime) -> None:
    series.left_out = [*series.left_out, moment]
    series.save(update_fields=["left_out", "changed_at"])


def become_single(entry: Entry) -> None:
    """Leave a rule, under the name by which guests of this day know it."""
    entry.series = None
    entry.uid = own_name(entry)


def own_name(entry: Entry) -> str:
    """What `ical` calls one day of a repeated entry."""
    return f"entry-{entry.pk}@pavillon"


def write_row(entry: Entry) -> Entry:
    """Save, or say in words what the database refuses. Raises DayTaken."""
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if not any(name in str(error) for name in CONSTRAINTS):
            raise
        raise DayTaken(_why_taken(entry)) from error
    return entry


def _why_taken(entry: Entry) -> str:
    kinds = [EntryKind.ABSENCE] if entry.kind != EntryKind.ABSENCE else [EntryKind.ABSENCE, *BOOKED_KINDS]
    others = Entry.objects.filter(owner=entry.owner, kind__in=kinds).exclude(pk=entry.pk)
    other = others.between(entry.starts_at, entry.ends_at).order_by("starts_at").first()
    words = {"title": other.title if other else "", "day": day_in_words(other.starts_at if other else entry.starts_at)}
    if entry.kind != EntryKind.ABSENCE:
        return _("You are away on %(day)s (%(title)s): nothing can be booked. Choose another day.") % words
    return _("“%(title)s” is booked on %(day)s: move or delete it first.") % words


def wake_agenda(*people: User) -> None:
    """Desks and agendas of these people look again."""
    wake("agenda.entry", people=[person.pk for person in people])


def is_at_work(person: User, day: datetime.date) -> bool:
    """Whether a day is one of work where the person's organisation is."""
    return is_working_day(day, person.region_id or "")
