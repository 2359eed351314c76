"""What next actions in the agendas are about, and when more than one talk with the manager is advised."""

from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.agenda.queries.checks import add_meeting_reason
from pavillon.agenda.queries.origins import add_teller
from pavillon.core.policy import may_read
from pavillon.crm.enums import LeadState
from pavillon.crm.models import Interaction, Lead

# From so many people on, an account is large (ledger AGD-02 names none): the threshold of a mid-cap.
LARGE_HEADCOUNT = 250


def told_of_leads(keys: list[int], user: User) -> dict[int, str]:
    if not may_read(user, Lead, "next_action"):
        return {}
    return dict(Lead.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "next_action"))


def told_of_promises(keys: list[int], user: User) -> dict[int, str]:
    return dict(Interaction.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "next_action"))


def large_account_is_open(user: User) -> str:
    """One sentence when a request of a large account is under way with this person."""
    leads = Lead.objects.visible_to(user).held_by(user).filter(state=LeadState.TAKEN)
    found = leads.filter(company__headcount__gte=LARGE_HEADCOUNT).select_related("company").order_by("pk").first()
    if found is None:
        return ""
    return _("A large account is under way: %(company)s, %(reference)s.") % {
        "company": found.company,
        "reference": found.reference,
    }


add_teller("crm.lead", told_of_leads)
add_teller("crm.promise", told_of_promises)
add_meeting_reason(large_account_is_open)
