"""What calendars send each other by mail (iTIP, RFC 5546; iMIP, RFC 6047), read: nothing here knows the database."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pavillon.agenda.enums import Answer
from pavillon.agenda.ical import MOST_CHANGES, UNREADABLE, aware, parsed
from pavillon.agenda.ical import NotACalendar as NotACalendar

# More would be a whole calendar, and no message about one meeting.
MOST_BYTES = 500_000
# Beyond, clocks of time zones have no answer.
YEARS = range(1970, 2101)
REQUEST, CANCEL, REPLY = "REQUEST", "CANCEL", "REPLY"
ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}


# Of a message: a fair invites more, and nobody follows their answers.
MOST_GUESTS = 50


@dataclass(frozen=True)
class Guest:
    """Who is invited, and what he answered as far as the organizer knows."""

    email: str
    name: str = ""
    answer: str = ""


@dataclass(frozen=True)
class CalendarMessage:
    """One message about one event: who says what (`method`); `instance_of` when it is about one day of a series.

    `attendee` and `answer` are those of a REPLY, "" for the others and where the calendar says nothing we know;
    `guests` are those of a REQUEST.
    """

    method: str
    uid: str
    title: str
    starts_at: datetime.datetime
    sequence: int = 0
    organizer: str = ""
    attendee: str = ""
    answer: str = ""
    instance_of: datetime.datetime | None = None
    is_private: bool = False
    guests: tuple[Guest, ...] = ()


def read_message(content: bytes) -> CalendarMessage:
    """Raises NotACalendar for what is too long, has no method, no event or no name of an event."""
    if len(content) > MOST_BYTES:
        raise NotACalendar(_("This invitation is too long."))
    calendar = parsed(content)
    events = calendar.walk("VEVENT")
    method = str(calendar.get("METHOD", "")).upper()
    if not events or not method:
        raise NotACalendar(_("This calendar is no invitation."))
    try:
        return _message(method, events[0])
    except UNREADABLE as error:
        raise NotACalendar(_("This calendar cannot be read: %(why)s") % {"why": str(error)[:120]}) from error


def _message(method: str, event: Any) -> CalendarMessage:
    uid = str(event.get("UID", "")).strip()
    if not uid or len(uid) > 255:
        raise NotACalendar(_("This calendar is no invitation."))
    guests = event.get("ATTENDEE") or []
    guests = guests if isinstance(guests, list) else [guests]
    guest = guests[0] if method == REPLY and len(guests) == 1 else None
    instance = event.decoded("RECURRENCE-ID", None)
    starts_at = aware(event.decoded("DTSTART"))
    if starts_at.year not in YEARS:
        raise ValueError(starts_at.year)
    return CalendarMessage(
        method=method,
        uid=uid,
        title=str(event.get("SUMMARY", "")).strip()[:200],
        starts_at=starts_at,
        sequence=min(max(int(event.get("SEQUENCE", 0)), 0), MOST_CHANGES),
        organizer=_address(event.get("ORGANIZER")),
        attendee=_address(guest),
        answer=_answer(guest) if guest is not None else "",
        instance_of=aware(instance) if instance is not None else None,
        is_private=str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC",
        guests=tuple(map(_guest, guests[:MOST_GUESTS])) if method == REQUEST else (),
    )


def _guest(guest: Any) -> Guest:
    return Guest(_address(guest), str(guest.params.get("CN", "")).strip()[:120], _answer(guest))


def _answer(guest: Any) -> str:
    return ANSWERS.get(str(guest.params.get("PARTSTAT", "")).upper(), "")


def _address(person: Any) -> str:
    return str(person or "").strip().lower().removeprefix("mailto:")
