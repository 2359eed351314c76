"""Entries of this room in the menus of the house."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.links import PARAMETER, add_landing
from pavillon.crm.queries.journey import add_stages
from pavillon.directory.queries.digest import add_part
from pavillon.directory.queries.traces import add_trace
from pavillon.solutions.models import Diagnosis
from pavillon.solutions.queries.journey import tell_stages
from pavillon.solutions.queries.year import tell_diagnoses
from pavillon.ui.menu import ACCOUNTS, add_entry
from pavillon.ui.panels import add_panel


def diagnosis_in(language: str) -> Callable[[Campaign], str]:
    """The self-diagnosis in one language, of the campaign's region, with its code."""

    def path(campaign: Campaign) -> str:
        region = campaign.region.slug if campaign.region else ""
        said = {name: value for name, value in (("region", region), (PARAMETER, campaign.code)) if value}
        with override(language):
            return f"{reverse('solutions:diagnosis')}?{urlencode(said)}"

    return path


def contact_of_company(campaign: Campaign) -> str:
    """For companies with an account: “Be contacted” in their space."""
    return f"{reverse('solutions_company:ask_contact')}?{urlencode({PARAMETER: campaign.code})}"


add_landing(_("Self-diagnosis in French"), diagnosis_in("fr"))
add_landing(_("Self-diagnosis in English"), diagnosis_in("en"))
add_landing(_("Space of companies: be contacted"), contact_of_company)
add_entry(
    area="public", label=_("Am I ready?"), url_name="solutions:diagnosis", permission="public", icon="compass", order=10
)
add_entry(
    area="public", label=_("Solutions"), url_name="solutions:catalogue", permission="public", icon="lightbulb", order=20
)
add_entry(
    area="workspace",
    section=ACCOUNTS,
    label=_("Accounts of companies"),
    url_name="solutions_team:company_accounts",
    permission="solutions.view_company_accounts",
    icon="building",
    order=28,
)
add_entry(
    area="company",
    label=_("My company"),
    url_name="solutions_company:company_home",
    permission="solutions.view_company_space",
    icon="house",
    order=10,
    on_phone=True,
)
add_entry(
    area="company",
    label=_("My path"),
    url_name="solutions_company:my_path",
    permission="solutions.view_company_space",
    icon="route",
    order=20,
    on_phone=True,
)
add_entry(
    area="company",
    label=_("My diagnosis"),
    url_name="solutions_company:my_diagnoses",
    permission="solutions.view_company_space",
    icon="compass",
    order=30,
)
add_entry(
    area="company",
    label=_("People of my company"),
    url_name="solutions_company:join_requests",
    permission="solutions.decide_join_request",
    icon="user-check",
    order=80,
)
add_entry(
    area="agency",
    label=_("Solutions proposed"),
    url_name="solutions_team:proposals",
    permission="solutions.list_proposals",
    icon="hand-helping",
    order=60,
)
add_panel(
    "directory.company",
    title=_("Account of the company"),
    url_name="solutions_team:newcomers",
    permission="solutions.view_newcomers",
    column="side",
    order=35,
)
add_part("solutions", tell_diagnoses, order=30)
add_trace(Diagnosis)
add_stages(tell_stages)
