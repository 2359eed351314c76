"""Agendas as text of RFC 5545, and back: nothing here knows the database."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil.rrule import rrule, rrulestr
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.agenda.enums import Answer, EntryKind, Sight

PRODUCT = "-//Pavillon//Agenda//EN"
# What a calendar may hold before it is refused: ten years of a busy person.
MOST_EVENTS = 20_000
# How often one rule may come back (54 years of every day), and all rules of a calendar together.
MOST_TIMES, MOST_TIMES_TOGETHER = 20_000, 200_000
MOST_RULE = 400
# How many days, weeks, months or years one rule is walked through, and all rules of a calendar together: one that
# matches no day would be walked to the year 9999.
MOST_STEPS, MOST_STEPS_TOGETHER = 50_000, 1_000_000
STEPS_OF_A_YEAR = {"YEARLY": 1, "MONTHLY": 12, "WEEKLY": 53, "DAILY": 366}
MOST_CHANGES = 1_000_000_000
# Looked for in the text itself: rules of time zones are written out while it is parsed.
TOO_OFTEN = re.compile(
    rb"^RRULE[^\r\n]*(?:FREQ\s*=\s*(?:SECONDLY|MINUTELY|HOURLY)"
    rb"|INTERVAL\s*=\s*[-+]?0+(?!\d)|BY(?:SECOND|MINUTE)\s*=[^;\r\n]*,)",
    re.IGNORECASE | re.MULTILINE,
)
TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
STATUS = {
    Answer.WAITING: "NEEDS-ACTION",
    Answer.ACCEPTED: "ACCEPTED",
    Answer.TENTATIVE: "TENTATIVE",
    Answer.DECLINED: "DECLINED",
}


class NotACalendar(Exception):
    """The text cannot be read as a calendar; the message says why."""


@dataclass
class Event:
    """One event as it was read. `rule` is an RRULE with the days left out beside it, "" for a single one.

    `instance_of` is the moment of a repeated event that this one replaces.
    """

    uid: str
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    all_day: bool = False
    place: str = ""
    notes: str = ""
    is_busy: bool = True
    is_private: bool = False
    url: str = ""
    sequence: int = 0
    rule: str = ""
    left_out: list[datetime.datetime] = field(default_factory=list)
    instance_of: datetime.datetime | None = None


def calendar_text(entries: Iterable[Any], name: str) -> str:
    """One calendar with these entries, each by itself: what a subscriber reads."""
    calendar = _calendar(name)
    for entry in entries:
        calendar.add_component(_event(entry, uid=_uid_alone(entry)))
    return _text(calendar)


def _uid_alone(entry: Any) -> str:
    """Days of a series, and copies of what was read elsewhere, need names of their own when they stand alone."""
    return entry.uid if entry.series_id is None and entry.subscription_id is None else f"entry-{entry.pk}@pavillon"


def resource_text(entries: list[Any]) -> str:
    """One resource of a collection: a single entry, or a series as its rule with the days that it leaves out."""
    calendar = _calendar("")
    first = entries[0]
    event = _event(first, uid=first.uid)
    series = first.series
    if series is not None:
        zone = ZoneInfo(series.time_zone)
        start = series.starts_at.astimezone(zone)
        for name in ("DTSTART", "DTEND"):
            event.pop(name)
        event.add("dtstart", start)
        event.add("dtend", start + datetime.timedelta(minutes=series.minutes))
        event.add("rrule", icalendar.vRecur.from_ical(series.rule))
        if series.left_out:
            event.add("exdate", [moment.astimezone(zone) for moment in sorted(series.left_out)])
    calendar.add_component(event)
    if series is not None:
        calendar.add_missing_timezones()
    return _text(calendar)


def expanded_text(entries: list[Any]) -> str:
    """The days of a series one by one, as `expand` of CalDAV asks (RFC 4791, 9.6.5)."""
    calendar = _calendar("")
    for entry in entries:
        event = _event(entry, uid=entry.uid)
        if entry.series_id:
            event.add("recurrence-id", entry.starts_at.astimezone(datetime.UTC))
        calendar.add_component(event)
    return _text(calendar)


def invitation_text(entry: Any, participant: Any, method: str, organizer: str = "") -> str:
    """What goes with a letter (RFC 5546): REQUEST invites or moves, CANCEL takes back.

    `organizer` is where the guest's calendar sends its answer; the owner's own address when there is none.
    """
    calendar = _calendar("")
    calendar.add("method", method)
    event = _event(entry, uid=_uid_alone(entry))
    host = icalendar.vCalAddress(f"mailto:{organizer or entry.owner.email}")
    host.params["CN"] = entry.owner.full_name
    event["ORGANIZER"] = host
    guest = icalendar.vCalAddress(f"mailto:{participant.email}")
    guest.params.update({"CN": str(participant), "PARTSTAT": STATUS[Answer(participant.answer)], "RSVP": "TRUE"})
    event.add("attendee", guest, encode=0)
    if method == "CANCEL":
        event.pop("STATUS", None)
        event.add("status", "CANCELLED")
    calendar.add_component(event)
    return _text(calendar)


def _calendar(name: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", datetime.timedelta(minutes=30), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT30M")
    return calendar


def _event(entry: Any, uid: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", entry.changed_at.astimezone(datetime.UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    if entry.all_day:
        event.add("dtstart", entry.first_day)
        event.add("dtend", entry.last_day + datetime.timedelta(days=1))
    else:
        event.add("dtstart", entry.starts_at.astimezone(datetime.UTC))
        event.add("dtend", entry.ends_at.astimezone(datetime.UTC))
    if place := entry.place or entry.video_url:
        event.add("location", place)
    if notes := "\n".join(filter(None, [entry.notes, entry.video_url and entry.place and entry.video_url])):
        event.add("description", notes)
    if entry.video_url:
        event.add("url", entry.video_url)
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    event.add("class", "PRIVATE" if entry.sight == Sight.BUSY else "PUBLIC")
    event.add("status", "CONFIRMED")
    if entry.kind == EntryKind.SLOT:
        event.add("categories", [str(entry.get_activity_display())])
    return event


def _text(calendar: icalendar.Calendar) -> str:
    return str(calendar.to_ical().decode())


def parsed(content: bytes) -> icalendar.Calendar:
    """Raises NotACalendar."""
    if TOO_OFTEN.search(re.sub(rb"\r?\n[ \t]", b"", content)):
        raise NotACalendar(_("An event that comes back every hour or more often cannot be kept."))
    try:
        calendar = icalendar.Calendar.from_ical(content)
    except (*UNREADABLE, IndexError) as error:
        raise NotACalendar(_("This is no calendar file (.ics): %(why)s") % {"why": str(error)[:120]}) from error
    if not isinstance(calendar, icalendar.Calendar):
        raise NotACalendar(_("This file holds no calendar."))
    if len(calendar.walk("VEVENT")) > MOST_EVENTS:
        raise NotACalendar(_("This calendar has more than %(n)s events.") % {"n": MOST_EVENTS})
    return calendar


def read_days(content: bytes, since: datetime.date, until: datetime.date) -> list[Event]:
    """Every event between two days, repeated ones day by day, each with a name of its own. Raises NotACalendar."""
    calendar = parsed(content)
    _refuse_endless(calendar, until)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until)
        events = [_told(each) for each in found]
    except UNREADABLE as error:
        raise NotACalendar(_("This calendar cannot be read: %(why)s") % {"why": str(error)[:120]}) from error
    repeated = {str(e["UID"]) for e in calendar.walk("VEVENT") if "RRULE" in e or "RDATE" in e or "RECURRENCE-ID" in e}
    for event in events:
        if event.uid in repeated:
            event.uid = f"{event.uid[:200]}/{event.starts_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    return events


def _refuse_endless(calendar: icalendar.Calendar, until: datetime.date) -> None:
    """Raises NotACalendar before days are written out that nobody can keep."""
    last, together, steps = datetime.datetime.combine(until, datetime.time.max), 0, 0
    for component in calendar.walk("VEVENT"):
        rules = component.get("RRULE") or []
        for rule in rules if isinstance(rules, list) else [rules]:
            try:
                start = aware(component.decoded("DTSTART"))
                zone, text = start.tzinfo or datetime.UTC, rule.to_ical().decode()
                found = moments_of(text, start.replace(tzinfo=None), last, zone)
                together += len(found)
                steps += _years(start, last) * _steps_of(text)
            except UNREADABLE:
                continue  # Left out when the days are written, as every event that cannot be read.
            if together > MOST_TIMES_TOGETHER:
                raise NotACalendar(_too_often(MOST_TIMES_TOGETHER))
            if steps > MOST_STEPS_TOGETHER:
                raise NotACalendar(_too_far())
            if not found:
                # It never comes back within our time: the event alone is left, which is written out at once.
                component.pop("RRULE")
                break


def _too_often(most: int) -> str:
    return _("Events that come back more than %(n)s times cannot be kept: give the repetition an end.") % {"n": most}


def _too_far() -> str:
    return _("Rules of repetition that reach so far back cannot be kept: let them begin later, or give them an end.")


def moments_of(
    rule: str, start: datetime.datetime, until: datetime.datetime, zone: datetime.tzinfo
) -> list[datetime.datetime]:
    """When a rule comes back, told on the clock of the zone, as `start` and `until` are.

    Raises NotACalendar beyond MOST_TIMES and MOST_STEPS, ValueError for what is no rule.
    """
    most = MOST_STEPS // _steps_of(rule)
    walk = _walk_of(rrulestr(_local_rule(rule, zone), dtstart=start), min(_years(start, until), most))
    found: list[datetime.datetime] = []
    try:
        for moment in walk:
            if moment > until:
                break
            if len(found) == MOST_TIMES:
                raise NotACalendar(_too_often(MOST_TIMES))
            found.append(moment)
    except _FarEnough:
        if _years(start, until) > most:
            raise NotACalendar(_too_far()) from None
    return found


def _years(start: datetime.datetime, until: datetime.datetime) -> int:
    """The years that a rule is walked through, the first and the last included."""
    return max(until.year - start.year, 0) + 1


def _steps_of(rule: str) -> int:
    """How many steps a rule takes in a year of its walk."""
    found = re.search(r"FREQ\s*=\s*(\w+)", rule, re.IGNORECASE)
    return STEPS_OF_A_YEAR.get(found[1].upper() if found else "", 366)


class _FarEnough(Exception):
    """The walk has left the years that are asked for."""


class _Walk(rrule):
    """A rule whose walk ends: the library goes on to the year 9999 when nothing matches, six seconds for every day.

    Whatever the rule says, it asks for `_byweekno` when it begins another year: once, or five times where weeks are
    numbered. A test fails when another version does not.
    """

    questions_left: int

    @property
    def _byweekno(self) -> Any:
        self.questions_left -= 1
        if self.questions_left < 0:
            raise _FarEnough
        return self.__dict__["_byweekno"]


def _walk_of(rule: Any, years: int) -> _Walk:
    """The same rule, walked for so many years. The library makes its rules by itself: this one changes its kind."""
    assert type(rule) is rrule
    numbered = rule.__dict__["_byweekno"] is not None
    rule.__class__ = _Walk
    walk: _Walk = rule
    walk.questions_left = (years + 2) * (5 if numbered else 1)
    return walk


def _local_rule(rule: str, zone: datetime.tzinfo) -> str:
    """UNTIL of an RRULE stands in UTC; told on the clock of the owner, as its beginning is."""
    parts = []
    for part in rule.split(";"):
        name, _sep, value = part.partition("=")
        if name == "UNTIL" and value.endswith("Z"):
            moment = datetime.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
            value = f"{moment.astimezone(zone):%Y%m%dT%H%M%S}"
        parts.append(f"{name}={value}")
    return ";".join(parts)


def read_resource(content: bytes) -> list[Event]:
    """The event of one resource first, then those that replace single days of it. Raises NotACalendar."""
    components = parsed(content).walk("VEVENT")
    if not components:
        raise NotACalendar(_("This calendar has no event."))
    # The parser drops what it cannot read of an event; without its rule or an end it would be another event.
    unread = [str(why) for each in components for name, why in each.errors if str(name).upper() in TIMES]
    if unread:
        raise NotACalendar(_("This calendar cannot be read: %(why)s") % {"why": unread[0][:120]})
    try:
        events = [_told(each) for each in components]
    except UNREADABLE as error:
        raise NotACalendar(_("This calendar cannot be read: %(why)s") % {"why": str(error)[:120]}) from error
    if any(len(event.rule) > MOST_RULE for event in events):
        raise NotACalendar(_("A rule of repetition has at most %(n)s characters.") % {"n": MOST_RULE})
    if len({event.uid for event in events}) != 1:
        raise NotACalendar(_("A resource holds one event only."))
    events.sort(key=lambda event: event.instance_of is not None)
    if events[0].instance_of is not None:
        raise NotACalendar(_("The event that the days belong to is missing."))
    return events


def _told(component: Any) -> Event:
    start = component.decoded("DTSTART")
    end = component.decoded("DTEND", None)
    length = component.decoded("DURATION", None)
    all_day = not isinstance(start, datetime.datetime)
    if end is None:
        end = start + (length or datetime.timedelta(days=1 if all_day else 0))
    starts_at, ends_at = aware(start), aware(end)
    if ends_at <= starts_at:
        ends_at = starts_at + datetime.timedelta(days=1 if all_day else 0, minutes=0 if all_day else 30)
    rule = component.get("RRULE")
    if isinstance(rule, list):
        raise NotACalendar(_("An event with several rules of repetition cannot be kept."))
    if component.get("RDATE") is not None:
        raise NotACalendar(_("An event with a list of days instead of a rule cannot be kept."))
    left_out = component.get("EXDATE") or []
    groups = left_out if isinstance(left_out, list) else [left_out]
    instance = component.decoded("RECURRENCE-ID", None)
    return Event(
        uid=str(component.get("UID", ""))[:255],
        title=str(component.get("SUMMARY", "")).strip()[:200] or _("Without a title"),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        place=str(component.get("LOCATION", ""))[:200],
        notes=str(component.get("DESCRIPTION", ""))[:10_000],
        is_busy=str(component.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT",
        is_private=str(component.get("CLASS", "PUBLIC")).upper() != "PUBLIC",
        sequence=min(max(int(component.get("SEQUENCE", 0)), 0), MOST_CHANGES),
        rule=rule.to_ical().decode() if rule else "",
        left_out=[aware(each.dt) for group in groups for each in group.dts],
        instance_of=aware(instance) if instance is not None else None,
    )


def aware(value: datetime.date) -> datetime.datetime:
    """A moment; a bare day, or an hour without a zone, is meant where the reader is."""
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time.min)
    if value.tzinfo is None:
        value = value.replace(tzinfo=timezone.get_current_timezone())
    return value
