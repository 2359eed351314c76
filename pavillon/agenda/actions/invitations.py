"""What other calendars say by mail about meetings: invitations, changes, cancellations, and answers to ours."""

import hmac
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.agenda.actions.entries import delete_entry, own_name, wake_agenda
from pavillon.agenda.actions.exchange import NotFromHere, delete_resource, put_resource
from pavillon.agenda.actions.meetings import answer_invitation
from pavillon.agenda.enums import EntryKind, Sight
from pavillon.agenda.ical import NotACalendar
from pavillon.agenda.models import Entry, Participant
from pavillon.agenda.queries.meetings import contact_of
from pavillon.agenda.queries.scheduling import CANCEL, REPLY, REQUEST, CalendarMessage, read_message
from pavillon.core.fields import blind_index
from pavillon.directory.models import Company


class NotInvited(Exception):
    """An answer of somebody who is not invited, or to something else than what he was invited to."""


@transaction.atomic
def take_invitation(
    *, content: bytes, by: User, known_sequence: int | None = None, is_own: bool = False
) -> Entry | None:
    """An invitation that somebody copied stands in his agenda, or its new version does; the (first) entry.

    `known_sequence` is the last version of it that came by mail; this one or an older one changes nothing. What stands
    in the agenda without one is its owner's own meeting, whose guests know its name: a calendar does not change it.
    Until it is placed (`place_invitation`) its owner alone reads it. Of a meeting to which he invited himself, from
    another calendar, the guests stand there with their answers. Raises NotACalendar, DayTaken, NotFromHere.
    """
    message = read_message(content)
    if message.method != REQUEST:
        raise NotACalendar(_("This calendar is no invitation."))
    first = _named(message.uid, by)
    if known_sequence is not None and message.sequence <= known_sequence:
        return first
    rows = _rows(message.uid, by)
    _check_is_theirs(rows, known_sequence)
    sight = first.sight if first else Sight.BUSY
    put_resource(uid=message.uid, content=content, by=by, channel="mail")
    rows.filter(sight=Sight.TEAM).update(sight=sight)
    rows.filter(kind=EntryKind.APPOINTMENT).update(kind=EntryKind.MEETING)
    made = _named(message.uid, by)
    if made is not None:
        record("agenda.invitation_taken", made, by=by, sequence=message.sequence)
        if is_own and made.series_id is None:
            _follow_guests(made, message, by)
    return made


def _follow_guests(entry: Entry, message: CalendarMessage, by: User) -> None:
    """Whom the other calendar invited, those alone, each with the answer that it knows of.

    One line of the trail for all answers, and nobody is told: whoever copied it has read them in that calendar.
    """
    theirs = entry.participants.select_for_update().filter(invited_elsewhere=True)
    known = {each.email: each for each in theirs}
    told = {each.email: each for each in message.guests if "@" in each.email and each.email != message.organizer}
    entry.participants.filter(pk__in=[each.pk for email, each in known.items() if email not in told]).delete()
    answered = []
    for email, guest in told.items():
        if email not in known:
            contact = contact_of(email, by)
            known[email] = Participant.objects.create(
                entry=entry, contact=contact, email=email, name=guest.name or str(contact or ""), invited_elsewhere=True
            )
        if guest.answer and known[email].answer != guest.answer:
            known[email].answer, known[email].answered_at = guest.answer, timezone.now()
            answered.append(known[email])
    if answered:
        Participant.objects.bulk_update(answered, ["answer", "answered_at"])
        numbers = [each.pk for each in answered]
        record("agenda.invitation_answered", entry, by=None, participants=numbers, channel="mail")
        wake_agenda(by)


@transaction.atomic
def withdraw_invitation(*, content: bytes, by: User, known_sequence: int | None = None) -> int:
    """A meeting that the mail of its organizer cancels leaves the agenda, one day or the whole. How many entries.

    As `take_invitation`, of the version that stands or a later one. Raises NotACalendar, NotFromHere.
    """
    message = read_message(content)
    if message.method != CANCEL:
        raise NotACalendar(_("This calendar is no invitation."))
    rows = _rows(message.uid, by)
    _check_is_theirs(rows, known_sequence)
    if known_sequence is not None and message.sequence < known_sequence:
        return 0
    if message.instance_of is not None:
        rows = rows.filter(series__isnull=False, starts_at=message.instance_of)
    gone = rows.count()
    if gone:
        record("agenda.invitation_withdrawn", rows[0], by=by, entries=gone)
    if message.instance_of is not None:
        for entry in rows:
            delete_entry(entry=entry, by=by, channel="mail")
    else:
        delete_resource(uid=message.uid, by=by, channel="mail")
    return gone


@transaction.atomic
def drop_invitation(*, uid: str, by: User) -> None:
    """The mail that brought a meeting is thrown away: so is the meeting, unless people of ours take part by now."""
    rows = _rows(uid, by)
    if rows.exists() and not _invited_here(rows).exists():
        record("agenda.invitation_withdrawn", rows[0], by=by, entries=rows.count())
        delete_resource(uid=uid, by=by, channel="mail")


@transaction.atomic
def place_invitation(*, uid: str, company: Company | None, by: User, is_private: bool = False) -> None:
    """Say with which company a meeting of an invitation is; the organisation reads it from now on, unless private."""
    rows = _rows(uid, by)
    first = rows.first()
    if first is not None and first.company_id != (company.pk if company else None):
        before = first.company_id
        # The first time only: what its owner hid meanwhile stays hidden.
        seen = {} if before or is_private else {"sight": Sight.TEAM}
        rows.update(company=company, changed_at=timezone.now(), **seen)
        record("agenda.entry_changed", first, by=by, changes={"company": [before, company.pk if company else None]})
        wake_agenda(by)


def _rows(uid: str, owner: User) -> QuerySet[Entry]:
    return Entry.objects.filter(owner=owner, uid=uid, subscription__isnull=True)


def _named(uid: str, owner: User) -> Entry | None:
    return _rows(uid, owner).order_by("starts_at").first()


def _invited_here(rows: QuerySet[Entry]) -> QuerySet[Participant]:
    return Participant.objects.filter(entry__in=rows, invited_elsewhere=False)


def _check_is_theirs(rows: QuerySet[Entry], known_sequence: int | None) -> None:
    """Raises NotFromHere for a meeting that was not made by an invitation, or to which its owner invited people."""
    own = known_sequence is None and rows.exists()
    if own or _invited_here(rows).exists():
        raise NotFromHere(_("This meeting is your own: it is changed in your agenda."))


def take_answer(*, content: bytes, participant: Participant) -> Participant:
    """The reply of a calendar that came to the address of one invitation. Raises NotACalendar, NotInvited.

    Whoever forwards an invitation does not answer for its guest: the reply names the address that was invited.
    """
    return _answered(read_message(content), participant)


def take_copied_answer(*, content: bytes, owner: User) -> Participant:
    """The same, out of the mailbox of who invited. Raises NotACalendar, NotInvited."""
    message = read_message(content)
    digest = blind_index(Participant, "email_index", message.attendee)
    number = message.uid.removeprefix("entry-").removesuffix("@pavillon")
    named: dict[str, Any] = {"entry__uid": message.uid}
    if number.isdecimal() and message.uid == f"entry-{number}@pavillon":
        named = {"entry": int(number)}
    guests = Participant.objects.filter(entry__owner=owner, email_index=digest, **named)
    participant = guests.select_related("entry__owner").first() if digest else None
    if participant is None:
        raise NotInvited(_("Nobody of this address is invited to this meeting."))
    return _answered(message, participant)


def _answered(message: CalendarMessage, participant: Participant) -> Participant:
    entry = participant.entry
    is_guest = hmac.compare_digest(message.attendee.encode(), participant.email.lower().encode())
    is_meeting = message.uid in (entry.uid, own_name(entry))
    if message.method != REPLY or not is_guest or not is_meeting:
        raise NotInvited(_("Nobody of this address is invited to this meeting."))
    # An answer to what was meanwhile moved, or one that we have no word for, says nothing about the meeting of now.
    if not message.answer or message.sequence < entry.sequence:
        return participant
    return answer_invitation(participant=participant, answer=message.answer, by=None)
