"""Who holds a company's account, and what shows that a person belongs to the company."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, User
from pavillon.accounts.queries import team_of_region
from pavillon.core.fields import blind_index
from pavillon.core.wall import house
from pavillon.crm.models import Interaction, Lead, Referent
from pavillon.directory.models import Company, Contact
from pavillon.solutions.models import Diagnosis


def has_verified_address(user: User) -> bool:
    """Whether the person proved that the mailbox of the account is his."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists())


def holders_of(company: Company) -> QuerySet[Membership]:
    """Who acts for a company today and proved his address: a stranger who typed a public number holds nothing."""
    proven = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
    return Membership.objects.current().filter(Exists(proven), organisation=company.organisation_id)


def newcomers_of(company: Company) -> QuerySet[Membership]:
    """Holders of a company whom nobody has confirmed yet."""
    return holders_of(company).filter(is_confirmed=False).select_related("user")


def proof_of_belonging(company: Company, user: User) -> str:
    """Why a person with a proven address belongs to a company, "" when nothing shows it.

    no_past: there is nothing of the company that he could learn. domain: his address is of the company's website.
    contact: the team knows this very address as a contact's of the company.
    """
    if not has_past(company, user):
        return "no_past"
    if company.domain and user.email.rpartition("@")[2].lower() == company.domain.lower():
        return "domain"
    known = Contact.objects.filter(
        company=company, email_index=blind_index(Contact, "email_index", user.email)
    ).exclude(user=user)
    return "contact" if known.exists() else ""


@house()
def has_past(company: Company, user: User) -> bool:
    """Whether the platform keeps something of a company that was there before this person."""
    return (
        Lead.objects.filter(company=company).exclude(requested_by=user).exists()
        or Interaction.objects.filter(company=company).exists()
        or Diagnosis.objects.filter(company=company).exclude(user=user).exists()
        or Contact.objects.filter(company=company).exclude(user=user).exists()
        or Membership.objects.filter(organisation=company.organisation_id).exclude(user=user).exists()
    )


def guardians_of(company: Company) -> list[User]:
    """Who can say whether a person belongs to a company: its referent, else the managers of its region's team."""
    referent = Referent.objects.current().filter(company=company).select_related("adviser").first()
    if referent:
        return [referent.adviser]
    if not company.region_id:
        return []
    managing = team_of_region(company.region_id).filter(role=Role.TEAM_MANAGER)
    return list(User.objects.working().filter(pk__in=managing.order_by().values("user")))
