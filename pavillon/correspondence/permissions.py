"""Who copies mail and sorts it. What one may see is in the QuerySets."""

from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.core.policy import may_read
from pavillon.correspondence.models import CopiedMail, CopyAddress, MailFile
from pavillon.crm.models import Interaction, Lead
from pavillon.crm.models.leads import LEAD_READERS, LEAD_WORKERS
from pavillon.directory.models import Company


def _owns(user: User, mail: CopiedMail) -> bool:
    return mail.owner_id == user.pk and user.organisation is not None and mail.organisation_id == user.organisation.pk


def _reads(user: User, mail: CopiedMail) -> bool:
    """Its words are those of the exchange: who must not read these there does not read them here."""
    return _owns(user, mail) or (mail.interaction is not None and may_read(user, mail.interaction, "summary"))


@permission("correspondence.view_mails")
def view_mails(user: User, subject: None) -> bool:
    """One's own list of mail to sort."""
    return user.role in LEAD_WORKERS


@permission("correspondence.view_copy_address")
def view_copy_address(user: User, subject: None) -> bool:
    return user.role in LEAD_WORKERS


@permission("correspondence.renew_copy_address", writes=CopyAddress)
def renew_copy_address(user: User, subject: None) -> bool:
    return user.role in LEAD_WORKERS


@permission("correspondence.view_company_address")
def view_company_address(user: User, company: Company | None) -> bool:
    """A part of the company's page: who opens that sees the company."""
    return user.role in LEAD_WORKERS


@permission("correspondence.view_lead_address")
def view_lead_address(user: User, lead: Lead | None) -> bool:
    return user.role in LEAD_WORKERS and (lead is None or (lead.company_id is not None and sees(user, lead)))


@permission("correspondence.view_mail")
def view_mail(user: User, mail: CopiedMail | None) -> bool:
    return user.role in LEAD_READERS and (mail is None or (sees(user, mail) and _reads(user, mail)))


@permission("correspondence.read_file")
def read_file(user: User, file: MailFile | None) -> bool:
    if file is None:
        return user.role in LEAD_READERS
    return user.role in LEAD_READERS and bool(file.file) and sees(user, file) and _reads(user, file.mail)


@permission("correspondence.file_mail", writes=Interaction)
def file_mail(user: User, mail: CopiedMail | None) -> bool:
    """Only who copied it says with which company it was, as long as it waits."""
    return user.role in LEAD_WORKERS and (mail is None or (mail.is_waiting and _owns(user, mail)))


@permission("correspondence.refile_mail", writes=Interaction)
def refile_mail(user: User, mail: CopiedMail | None) -> bool:
    """Filed wrongly, by itself or by hand: its owner says with which company it was."""
    return user.role in LEAD_WORKERS and (mail is None or (mail.is_filed and _owns(user, mail)))


@permission("correspondence.accept_calendar", writes=CopiedMail)
def accept_calendar(user: User, mail: CopiedMail | None) -> bool:
    """Its owner says that a new version comes from who invited."""
    return user.role in LEAD_WORKERS and (mail is None or (mail.calendar_held and _owns(user, mail)))


@permission("correspondence.discard_mail", writes=CopiedMail)
def discard_mail(user: User, mail: CopiedMail | None) -> bool:
    """Its owner throws it away, also what was filed."""
    return user.role in LEAD_WORKERS and (mail is None or ((mail.is_waiting or mail.is_filed) and _owns(user, mail)))
