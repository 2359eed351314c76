"""What a calendar of a copied mail does in the agenda; what nobody proved waits for its owner's word."""

import logging

from django.db import DataError, IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.agenda import actions as agenda
from pavillon.agenda.queries.scheduling import CANCEL, REPLY, REQUEST, CalendarMessage, NotACalendar
from pavillon.core.wall import house
from pavillon.correspondence.actions.looking import place_by_itself
from pavillon.correspondence.actions.sorting import AlreadySorted, told_by
from pavillon.correspondence.models import CopiedMail

log = logging.getLogger("pavillon.correspondence")
# What a crafted calendar may bring about: it is not brought again for days.
UNKEPT = (ValueError, OverflowError, DataError, IntegrityError)


def follow_calendar(kept: CopiedMail, told: CalendarMessage, content: bytes, owner: User, *, sender: str) -> None:
    """What the calendar of the mail says is done in the agenda; what cannot be is told on the mail.

    `sender` is the proven address of the mail. Whoever invited changes and cancels what he invited to: a version that
    names somebody else, or that its organizer did not send himself, is held.
    """
    before = _versions(owner, told.uid).exclude(pk=kept.pk)
    latest = before.aggregate(latest=Max("calendar_sequence"))["latest"]
    is_late = _is_late(told, latest)
    why = "" if told.method not in (REQUEST, CANCEL) or is_late else _why_held(told, before, sender)
    if why:
        kept.calendar_held, kept.calendar_problem = True, why[:300]
        kept.save(update_fields=["calendar_held", "calendar_problem"])
        return
    _do(kept, told, content, owner, latest)


@transaction.atomic
@house()
def accept_calendar(*, mail: CopiedMail, by: User) -> str:
    """Its owner says that the new version comes from who invited: it is done now. Raises AlreadySorted.

    Returns what came of it, in words: it may change nothing any more.
    """
    mail = CopiedMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    told = told_by(mail)
    if not mail.calendar_held or told is None:
        raise AlreadySorted(_("This mail was sorted meanwhile."))
    mail.calendar_held, mail.calendar_problem = False, ""
    mail.save(update_fields=["calendar_held", "calendar_problem"])
    record("correspondence.calendar_accepted", mail, by=by)
    before = _versions(by, told.uid).exclude(pk=mail.pk)
    latest = before.aggregate(latest=Max("calendar_sequence"))["latest"]
    if _is_late(told, latest):
        words = _("Your agenda stays as it is: a later version of this invitation came meanwhile.")
    elif _do(mail, told, mail.calendar.encode(), by, latest):
        words = _("Your agenda says what the new version says.")
    else:
        words = mail.calendar_problem or _("Your agenda stays as it is: this meeting does not stand in it.")
    if mail.is_waiting:
        place_by_itself(mail, by)
    wake("correspondence.mail", people=[by.pk])
    return words


def _versions(owner: User, uid: str) -> QuerySet[CopiedMail]:
    """The versions of an event that came by mail and were followed."""
    came = Q(calendar_method__in=(REQUEST, CANCEL), calendar_uid=uid, calendar_problem="")
    return CopiedMail.objects.filter(came, owner=owner)


def _is_late(told: CalendarMessage, latest: int | None) -> bool:
    """Whether it changes nothing: of an invitation this version came, of a cancellation a later one."""
    return latest is not None and told.sequence < latest + (told.method == REQUEST)


def _why_held(told: CalendarMessage, before: QuerySet[CopiedMail], sender: str) -> str:
    """Why its owner is asked first; "" when nobody has to be."""
    first = before.filter(calendar_method=REQUEST).order_by("received_at", "pk").first()
    known = told_by(first) if first else None
    if known is None:
        return ""
    words = {"organizer": told.organizer or _("nobody"), "invited": known.organizer or _("nobody")}
    if told.organizer != known.organizer:
        return _("It names %(organizer)s as the one who invites, while the invitation names %(invited)s.") % words
    if told.organizer != sender:
        return _("It says that it comes from %(organizer)s, who invited; nobody proved that.") % words
    return ""


def _do(kept: CopiedMail, told: CalendarMessage, content: bytes, owner: User, latest: int | None) -> bool:
    """Whether anything moved; why it could not is written on the mail."""
    moved = False
    try:
        with transaction.atomic():
            if told.method == REQUEST:
                is_own = bool(told.organizer) and told.organizer == owner.email.lower()
                entry = agenda.take_invitation(content=content, by=owner, known_sequence=latest, is_own=is_own)
                moved = entry is not None
            elif told.method == CANCEL:
                moved = agenda.withdraw_invitation(content=content, by=owner, known_sequence=latest) > 0
            elif told.method == REPLY:
                agenda.take_copied_answer(content=content, owner=owner)
                moved = True
    except (NotACalendar, agenda.DayTaken, agenda.NotFromHere, agenda.NotInvited) as error:
        kept.calendar_problem = str(error)[:300]
    except UNKEPT:
        log.exception("A calendar could not be followed")
        kept.calendar_problem = _("This calendar cannot be read.")
    kept.save(update_fields=["calendar_problem"])
    return moved
