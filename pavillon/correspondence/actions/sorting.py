"""A copied mail becomes an exchange with a company, or is thrown away."""

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.agenda.actions import drop_invitation, place_invitation
from pavillon.agenda.enums import Sight
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.scheduling import REQUEST, CalendarMessage, NotACalendar, read_message
from pavillon.core.wall import house
from pavillon.correspondence.actions.erasing import empty_mail
from pavillon.correspondence.enums import FiledBy, MailState
from pavillon.correspondence.models import CopiedMail
from pavillon.crm.actions import drop_interaction, log_interaction, move_interaction
from pavillon.crm.enums import InteractionKind
from pavillon.crm.models import Interaction, Lead
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
    mail.interaction = log_interaction(
        company=company,
        kind=InteractionKind.MAIL,
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
    count_meeting(mail=mail, by=by)
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
    if mail.meeting is not None:
        mail.meeting = move_interaction(interaction=mail.meeting, company=company, by=by, contact=None)
    mail.company, mail.lead, mail.filed_by = company, mail.interaction.lead, FiledBy.HAND
    mail.save()
    record("correspondence.mail_refiled", mail, mail.interaction, by=by)
    _place(mail, company, by)
    return mail


@transaction.atomic
@house()
def discard_mail(*, mail: CopiedMail, by: User) -> CopiedMail:
    """Throw it away: words, addresses and files go at once; copied again it stays away. Raises AlreadySorted.

    Its exchange, if it was filed, goes with it; the meeting that it alone brought leaves the agenda.
    """
    mail = _locked(mail, MailState.WAITING, MailState.FILED)
    told = [each for each in (mail.interaction, mail.meeting) if each is not None]
    record("correspondence.mail_discarded", mail, *told, by=by)
    if _brought_meeting(mail) and not _of_same_event(mail).exists():
        drop_invitation(uid=mail.calendar_uid, by=by)
    mail.interaction = mail.meeting = mail.company = mail.lead = None
    mail.filed_by, mail.calendar_held = "", False
    empty_mail(mail)
    mail.state, mail.sorted_at = MailState.DISCARDED, max(timezone.now(), mail.received_at)
    mail.save()
    for exchange in told:
        drop_interaction(interaction=exchange, by=by)
    wake("correspondence.mail", people=[mail.owner_id])
    return mail


@transaction.atomic
@house()
def count_meeting(*, mail: CopiedMail, by: User) -> Interaction | None:
    """The meeting of a filed invitation has taken place: an exchange of its own with the company, at its own date.

    In the name of who copied it (`by`, in the role in which he did). Once, whatever versions of the invitation came; of
    a repeated one its first day. None as long as it is to come, and
    when it no longer stands in the agenda of who was invited.
    """
    row = CopiedMail.objects.select_for_update().filter(pk=mail.pk).first()
    if row is None or not row.is_filed or row.company is None or row.meeting_id or not _brought_meeting(row):
        return None
    # Versions of one invitation wait for each other, always after the lock of their own mail.
    with connection.cursor() as cursor:
        event = f"correspondence.meeting {row.owner_id} {row.calendar_uid}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [event])
    entries = Entry.objects.filter(owner=row.owner_id, uid=row.calendar_uid, subscription__isnull=True)
    held = entries.filter(ends_at__lte=timezone.now()).order_by("starts_at").first()
    if held is None or _of_same_event(row).filter(meeting__isnull=False).exists():
        return None
    mail.meeting = row.meeting = log_interaction(
        company=row.company,
        kind=InteractionKind.MEETING,
        happened_at=held.starts_at,
        summary=_title(row, held),
        by=by,
        contact=row.interaction.contact if row.interaction else None,
        lead=row.lead,
    )
    row.save(update_fields=["meeting"])
    record("correspondence.meeting_counted", row, row.meeting, by=None)
    return row.meeting


def _title(mail: CopiedMail, held: Entry) -> str:
    """What the timeline says of the meeting: what it was called in the mail, since its owner names his entry for
    himself; nothing but that it was one when the entry or the invitation is private."""
    told = told_by(mail)
    if told is None or told.is_private or held.sight != Sight.TEAM:
        return str(InteractionKind.MEETING.label)
    return told.title or str(InteractionKind.MEETING.label)


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
    told = told_by(mail) if _brought_meeting(mail) else None
    if told is not None:
        place_invitation(uid=mail.calendar_uid, company=company, by=by, is_private=told.is_private)


def told_by(mail: CopiedMail) -> CalendarMessage | None:
    """What the calendar of a mail says; None when nothing can be read any more."""
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
    told = told_by(mail) if mail.calendar_method == REQUEST else None
    if told is None:
        return ""
    return pgettext("mail", "Invitation: %(title)s, %(moment)s") % {
        "title": told.title,
        "moment": moment(told.starts_at),
    }
