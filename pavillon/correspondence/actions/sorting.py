"""A copied mail becomes an exchange with a company, or is thrown away."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.agenda.actions import drop_invitation, place_invitation
from pavillon.agenda.queries.scheduling import REQUEST, CalendarMessage, NotACalendar, read_message
from pavillon.core.wall import house
from pavillon.correspondence.actions.erasing import empty_mail
from pavillon.correspondence.enums import FiledBy, MailState
from pavillon.correspondence.models import CopiedMail
from pavillon.crm.actions import log_interaction, move_interaction
from pavillon.crm.enums import InteractionKind
from pavillon.crm.models import Lead
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Contact
from pavillon.ui.words import moment

MOST_SUMMARY = 10_000
CUT = gettext_lazy("… (the rest is in the mail)")


class AlreadySorted(Exception):
    """The mail was filed or thrown away meanwhile."""


@transaction.atomic
@house()
def file_mail(
    *,
    mail: CopiedMail,
    company: Company,
    by: User,
    lead: Lead | None = None,
    contact: Contact | None = None,
    filed_by: str = FiledBy.HAND,
) -> CopiedMail:
    """Make it an exchange of its owner's organisation with a company, at its own date. Raises AlreadySorted."""
    mail = _locked(mail)
    company = forwarded(company)
    is_meeting = mail.calendar_method == REQUEST and not _of_same_event(mail).filter(state=MailState.FILED).exists()
    mail.interaction = log_interaction(
        company=company,
        # A new version of an invitation is no second meeting.
        kind=InteractionKind.MEETING if is_meeting else InteractionKind.MAIL,
        happened_at=min(mail.sent_at, timezone.now()),
        summary=_summary(mail),
        by=by,
        contact=contact if contact is not None and contact.company_id == company.pk else None,
        lead=lead if lead is not None and lead.company_id == company.pk else None,
    )
    mail.state, mail.company, mail.lead, mail.filed_by = MailState.FILED, company, mail.interaction.lead, filed_by
    mail.sorted_at = max(timezone.now(), mail.received_at)
    mail.save()
    record("correspondence.mail_filed", mail, mail.interaction, by=by, filed_by=filed_by)
    _place(mail, company, by)
    wake("correspondence.mail", people=[mail.owner_id])
    return mail


@transaction.atomic
@house()
def refile_mail(
    *, mail: CopiedMail, company: Company, by: User, lead: Lead | None = None, contact: Contact | None = None
) -> CopiedMail:
    """It was filed with the wrong company: its exchange moves to the right one. Raises AlreadySorted."""
    mail = _locked(mail, MailState.FILED)
    if mail.interaction is None:
        raise AlreadySorted(_("This mail was sorted meanwhile."))
    company = forwarded(company)
    mail.interaction = move_interaction(
        interaction=mail.interaction,
        company=company,
        by=by,
        contact=contact if contact is not None and contact.company_id == company.pk else None,
        lead=lead if lead is not None and lead.company_id == company.pk else None,
    )
    mail.company, mail.lead, mail.filed_by = company, mail.interaction.lead, FiledBy.HAND
    mail.save()
    record("correspondence.mail_refiled", mail, mail.interaction, by=by)
    _place(mail, company, by)
    return mail


@transaction.atomic
@house()
def discard_mail(*, mail: CopiedMail, by: User) -> CopiedMail:
    """Throw it away: words, addresses and files go at once; copied again it stays away. Raises AlreadySorted.

    Its exchange, if it was filed, is emptied; the meeting that it alone brought leaves the agenda.
    """
    mail = _locked(mail, MailState.WAITING, MailState.FILED)
    record("correspondence.mail_discarded", mail, *([mail.interaction] if mail.interaction else []), by=by)
    if _brought_meeting(mail) and not _of_same_event(mail).exists():
        drop_invitation(uid=mail.calendar_uid, by=by)
    empty_mail(mail)
    mail.state, mail.sorted_at = MailState.DISCARDED, max(timezone.now(), mail.received_at)
    mail.interaction = mail.company = mail.lead = None
    mail.filed_by = ""
    mail.save()
    wake("correspondence.mail", people=[mail.owner_id])
    return mail


def _locked(mail: CopiedMail, *states: str) -> CopiedMail:
    mail = CopiedMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if mail.state not in (states or (MailState.WAITING,)):
        raise AlreadySorted(_("This mail was sorted meanwhile."))
    return mail


def _brought_meeting(mail: CopiedMail) -> bool:
    return mail.calendar_method == REQUEST and bool(mail.calendar_uid) and not mail.calendar_problem


def _of_same_event(mail: CopiedMail) -> QuerySet[CopiedMail]:
    """The owner's other mails that invite to the same event."""
    rows = CopiedMail.objects.filter(owner=mail.owner_id, calendar_uid=mail.calendar_uid, calendar_problem="")
    return rows.filter(calendar_method=REQUEST).exclude(Q(pk=mail.pk) | Q(calendar_uid=""))


def _place(mail: CopiedMail, company: Company, by: User) -> None:
    """The meeting that it brought is with the company too."""
    told = _told(mail) if _brought_meeting(mail) else None
    if told is not None:
        place_invitation(uid=mail.calendar_uid, company=company, by=by, is_private=told.is_private)


def _told(mail: CopiedMail) -> CalendarMessage | None:
    try:
        return read_message(mail.calendar.encode())
    except NotACalendar:
        return None


def _summary(mail: CopiedMail) -> str:
    """What the timeline shows: the subject, the meeting if it invites to one, and what was newly written."""
    parts = [str(mail), _invitation(mail), mail.words]
    text = "\n\n".join(part for part in parts if part)
    return text if len(text) <= MOST_SUMMARY else f"{text[: MOST_SUMMARY - 60]}\n{CUT}"


def _invitation(mail: CopiedMail) -> str:
    told = _told(mail) if mail.calendar_method == REQUEST else None
    if told is None:
        return ""
    return pgettext("mail", "Invitation: %(title)s, %(moment)s") % {
        "title": told.title,
        "moment": moment(told.starts_at),
    }
