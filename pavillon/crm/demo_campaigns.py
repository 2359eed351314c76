"""Requests of the demonstration that came by its campaigns, some of them touched twice."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from zoneinfo import ZoneInfo

from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.campaigns.models import Campaign
from pavillon.crm import actions
from pavillon.crm.models import Lead, LeadTouch
from pavillon.directory.models import Company
from pavillon.privacy.enums import LegalBasis

# By which channels requests came to a campaign, by its code; and by which it touched some of them again.
CAME_BY = {
    "APPELS-AUTOMNE": (("phone", "mail"), "mail"),
    "FORUM-MER": (("seminar", "show", "shop"), "field"),
    "CAP-ALLEMAGNE": (("site", "showroom"), "seminar"),
}
# Requests of its first days, before services were ordered: (code, origin, what they say).
BEGAN = [
    ("FORUM-MER", "show", "Vu sur le stand du forum : par où commencer à l’étranger ?"),
    ("CAP-ALLEMAGNE", "site", "Suite à votre page sur l’Allemagne"),
]
MOST = 6
PARIS = ZoneInfo("Europe/Paris")
Day = Callable[[datetime.datetime], AbstractContextManager[None]]


def bring_requests(on_the_day: Day) -> None:
    """Of companies of Bretagne, those with an account first: asked, answered and closed within some days."""
    companies = Company.objects.standing().filter(is_demo=True, region="53", is_sensitive=False)
    for code, origin, subject in BEGAN:
        campaign = Campaign.objects.filter(code=code, is_demo=True).first()
        if campaign is None or Lead.objects.filter(subject=subject).exists():
            continue
        first = datetime.datetime.combine(campaign.starts_on, datetime.time(10, 15), PARIS)
        for number, company in enumerate(companies.order_by("organisation", "pk")[:MOST]):
            _one(campaign, origin, subject, company, first + datetime.timedelta(days=3, hours=number % 3), on_the_day)


def _one(
    campaign: Campaign, origin: str, subject: str, company: Company, moment: datetime.datetime, on_the_day: Day
) -> None:
    with on_the_day(moment):
        made = actions.receive_lead(
            company=company, origin=origin, kind="advice", subject=subject, legal_basis=LegalBasis.PUBLIC_TASK,
            campaign=campaign, contact_name="La direction (démonstration)",
        )  # fmt: skip
    by = made.adviser
    if by is None:
        return
    with on_the_day(moment + datetime.timedelta(hours=2)):
        made = actions.take_charge(lead=made, by=by)
    with on_the_day(moment + datetime.timedelta(days=2)):
        actions.add_touch(lead=made, by=by, origin="phone")
        actions.log_interaction(
            company=company, lead=made, kind="call", happened_at=timezone.now(), outcome="positive", by=by,
            summary="Besoin précisé ; un service de l’équipe convient.", visibility="region",
        )  # fmt: skip
        made = actions.treat_lead(lead=made, by=by)
        actions.close_lead(lead=made, by=by, outcome="accompanied", note="Un service vous est proposé.")


def point_to_campaigns(by: User) -> None:
    """Every other request within the days of a campaign, over its channels; every third of these is touched again."""
    for campaign in Campaign.objects.filter(is_demo=True, code__in=CAME_BY).order_by("pk"):
        origins, again = CAME_BY[campaign.code]
        if campaign.touches.filter(origin=again).exists():
            continue
        touches = LeadTouch.objects.filter(
            lead__company__is_demo=True,
            origin__in=origins,
            campaign__isnull=True,
            touched_at__date__range=(campaign.starts_on, campaign.ends_on),
        )
        if campaign.region_id:
            touches = touches.filter(lead__region=campaign.region_id)
        for number, touch in enumerate(list(touches.select_related("lead").order_by("touched_at", "pk"))[::2]):
            actions.attribute_touch(touch=touch, campaign=campaign, by=by)
            if number % 3 == 0:
                day = timezone.localdate(touch.touched_at)
                actions.add_touch(lead=touch.lead, by=by, origin=again, campaign=campaign, touched_on=day)
