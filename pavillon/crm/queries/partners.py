"""Whether a request may go to a private partner: whoever asked must have agreed, to him and to this request."""

from django.utils.translation import gettext as _

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Organisation, User
from pavillon.crm.models import Lead
from pavillon.privacy.queries import require_use

PURPOSE = "partner_sharing"


class NobodyToAsk(Exception):
    """The company has no account, so nobody can agree to the transfer."""


def scope_of(lead: Lead, team: Organisation) -> str:
    """What a consent to a transfer is about: this request, this partner."""
    return f"organisation:{team.pk}:lead:{lead.pk}"


def person_to_ask(lead: Lead) -> User | None:
    """Whoever sent the request, else a manager of the company's account."""
    if lead.requested_by is not None:
        return lead.requested_by
    organisation = lead.company.organisation if lead.company else None
    if organisation is None:
        return None
    return User.objects.working().acting_in(organisation=organisation, role=Role.COMPANY_MANAGER).first()


def check_partner(lead: Lead, team: Organisation) -> None:
    """Nothing to say of the export team itself; a private partner needs the consent of whoever asked.

    Raises UseRefused (privacy) with why and what to do, NobodyToAsk.
    """
    if team.kind != Kind.PARTNER:
        return
    person = person_to_ask(lead)
    if person is None:
        raise NobodyToAsk(
            _("Nobody of this company has an account, so nobody agreed to “%(partner)s”. Invite the company first.")
            % {"partner": team.name}
        )
    require_use(person, PURPOSE, scope=scope_of(lead, team))
