"""Entries of this room in the menus, its pieces on pages of rooms below."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.care.enums import OfferState
from pavillon.care.models import Assessment, Criticism, Offer, RiskMark
from pavillon.care.queries.timeline import tell_offers
from pavillon.crm.queries.timeline import OFFERS, add_teller
from pavillon.directory.queries.traces import add_trace
from pavillon.ui.menu import CRM, add_entry
from pavillon.ui.panels import add_panel


def at_risk(user: User) -> QuerySet[RiskMark]:
    """The accounts at risk that this person keeps, or whose keepers he manages."""
    return RiskMark.objects.visible_to(user).open().of_mine(user)


def waiting_offers(user: User) -> QuerySet[Offer]:
    """What is proposed to a company and waits for its answer."""
    return Offer.objects.visible_to(user).filter(state=OfferState.PROPOSED)


add_entry(
    area="workspace",
    section=CRM,
    label=_("Accounts at risk"),
    url_name="care:risks",
    permission="care.view_risks",
    icon="triangle-alert",
    order=28,
    badge=at_risk,
    live="care.risk",
)
add_panel(
    "directory.company",
    title=_("Risk of the account"),
    url_name="care:company_risk",
    permission="care.view_company_risk",
    column="side",
    order=4,
    live="care.risk",
)
add_panel(
    "workspace.desk",
    title=_("Accounts at risk"),
    url_name="care:desk_risks",
    permission="care.view_risks",
    order=5,
    live="care.risk",
)
add_panel(
    "directory.company",
    title=_("Capacity and intentions"),
    url_name="care:company_assessments",
    permission="care.view_assessments",
    column="side",
    order=15,
    live="care.assessment",
)
add_entry(
    area="company",
    label=_("My plans abroad"),
    url_name="care_company:my_plans",
    permission="care.tell_plans",
    icon="target",
    order=31,
)
add_entry(
    area="workspace",
    section=CRM,
    label=_("Personal offers"),
    url_name="care:offers",
    permission="care.view_offers",
    icon="package-search",
    order=25,
    live="care.offer",
)
add_panel(
    "directory.company",
    title=_("Personal offers"),
    url_name="care:company_offers",
    permission="care.view_company_offers",
    column="side",
    order=18,
    live="care.offer",
)
add_entry(
    area="company",
    label=_("Offers to my company"),
    url_name="care_company:my_offers",
    permission="care.view_my_offers",
    icon="package-search",
    order=29,
    badge=waiting_offers,
    live="care.offer",
)
add_teller(OFFERS, tell_offers)
add_trace(Assessment, Criticism, Offer, RiskMark)
