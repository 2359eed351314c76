"""Requests that campaigns of the demonstration brought before some of its services were ordered."""

import datetime
from typing import Any

from django.utils import timezone

from pavillon.campaigns.models import Campaign
from pavillon.crm import actions as crm
from pavillon.crm.demo import on_the_day
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.privacy.enums import LegalBasis
from pavillon.services.models import ServiceOrder

# (code of the campaign, origin of the request, what it says)
CAME = [
    ("FORUM-MER", "show", "Vu sur le stand du forum : par où commencer à l’étranger ?"),
    ("CAP-ALLEMAGNE", "site", "Suite à votre page sur l’Allemagne"),
]
# Companies of each campaign, and days from their request to their order.
MOST, BEFORE = 5, 9


def bring_requests(world: dict[str, Any]) -> None:
    """For companies that ordered within the days of a campaign: asked, answered and closed some days before."""
    for code, origin, subject in CAME:
        campaign = Campaign.objects.filter(code=code, is_demo=True).first()
        if campaign is None or Lead.objects.filter(subject=subject).exists():
            continue
        # Of the first days nothing may be left before the request itself.
        since = campaign.starts_on + datetime.timedelta(days=BEFORE)
        orders = ServiceOrder.objects.filter(proposed_at__date__range=(since, campaign.ends_on)).order_by("proposed_at")
        if campaign.region_id:
            orders = orders.filter(region=campaign.region_id)
        asked: set[int] = set()
        for order in orders.select_related("company"):
            if order.company_id not in asked and len(asked) < MOST:
                asked.add(order.company_id)
                moment = order.proposed_at - datetime.timedelta(days=BEFORE)
                _one(campaign, origin, subject, order.company, moment, world)


def _one(
    campaign: Campaign, origin: str, subject: str, company: Company, moment: datetime.datetime, world: dict[str, Any]
) -> None:
    with on_the_day(moment):
        made = crm.receive_lead(
            company=company, origin=origin, kind="advice", subject=subject, legal_basis=LegalBasis.PUBLIC_TASK,
            campaign=campaign, contact_name="La direction (démonstration)",
        )  # fmt: skip
    by = made.adviser
    if by is None:
        return
    with on_the_day(moment + datetime.timedelta(hours=3)):
        made = crm.take_charge(lead=made, by=by)
    with on_the_day(moment + datetime.timedelta(days=2)):
        crm.add_touch(lead=made, by=by, origin="phone")
        crm.log_interaction(
            company=company, lead=made, kind="call", happened_at=timezone.now(), outcome="positive", by=by,
            summary="Besoin précisé ; un service de l’équipe convient.", visibility="team",
        )  # fmt: skip
        crm.treat_lead(lead=made, by=by)
        crm.close_lead(lead=made, by=by, outcome="accompanied", note="Un service vous est proposé.")
