"""A copied mail becomes an exchange with a company, or is thrown away."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.agenda.actions import place_invitation
from pavillon.agenda.queries.scheduling import REQUEST, NotACalendar, read_message
from pavillon.core.wall import house
from pavillon.correspondence.actions.erasing import empty_mail
from pavillon.correspondence.enums import FiledBy, MailState
from pavillon.correspondence.models import CopiedMail
from pavillon.crm.actions import log_interaction
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
    is_invitation = mail.calendar_method == REQUEST
    mail.interaction = log_interaction(
        company=company,
        kind=InteractionKind.MEETING if is_invitation else InteractionKind.MAIL,
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
    if is_invitation:
        place_invitation(uid=mail.calendar_uid, company=company, by=by)
    wake("correspondence.mail", people=[mail.owner_id])
    return mail


@transaction.atomic
@house()
def discard_mail(*, mail: CopiedMail, by: User) -> CopiedMail:
    """Throw it away: words, addresses and files go at once; copied again it stays away. Raises AlreadySorted."""
    mail = _locked(mail)
    empty_mail(mail)
    mail.state, mail.sorted_at = MailState.DISCARDED, max(timezone.now(), mail.received_at)
    mail.save()
    record("correspondence.mail_discarded", mail, by=by)
    wake("correspondence.mail", people=[mail.owner_id])
    return mail


def _locked(mail: CopiedMail) -> CopiedMail:
    mail = CopiedMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if mail.state != MailState.WAITING:
        raise AlreadySorted(_("This mail was sorted meanwhile."))
    return mail


def _summary(mail: CopiedMail) -> str:
    """What the timeline shows: the subject, the meeting if it invites to one, and what was newly written."""
    parts = [str(mail), _invitation(mail), mail.words]
    text = "\n\n".join(part for part in parts if part)
    return text if len(text) <= MOST_SUMMARY else f"{text[: MOST_SUMMARY - 60]}\n{CUT}"


def _invitation(mail: CopiedMail) -> str:
    if mail.calendar_method != REQUEST:
        return ""
    try:
        told = read_message(mail.calendar.encode())
    except NotACalendar:
        return ""
    return pgettext("mail", "Invitation: %(title)s, %(moment)s") % {
        "title": told.title,
        "moment": moment(told.starts_at),
    }
