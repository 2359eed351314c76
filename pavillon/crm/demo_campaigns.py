"""Requests of the demonstration that came by its campaigns, some of them touched twice."""

from pavillon.accounts.models import User
from pavillon.campaigns.models import Campaign
from pavillon.crm import actions
from pavillon.crm.models import LeadTouch

# By which channels requests came to a campaign, by its code; and by which it touched some of them again.
CAME_BY = {
    "APPELS-AUTOMNE": (("phone", "mail"), "mail"),
    "FORUM-MER": (("seminar", "shop"), "field"),
    "CAP-ALLEMAGNE": (("site", "showroom"), "seminar"),
}


def point_to_campaigns(by: User) -> None:
    """Every other request within the days of a campaign, over its channels; every third of these is touched again."""
    for campaign in Campaign.objects.filter(is_demo=True, touches__isnull=True).order_by("pk"):
        origins, again = CAME_BY[campaign.code]
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
                day = touch.touched_at.date()
                actions.add_touch(lead=touch.lead, by=by, origin=again, campaign=campaign, touched_on=day)
