"""The channels that touched a company about a request, and the campaigns that they came by."""

import datetime

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.campaigns.models import Campaign
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.models import Lead, LeadTouch
from pavillon.crm.queries.campaigns import naming
from pavillon.crm.queries.clock import TEAM_ZONE

# Requests that one press lets point to a campaign; each one gets its line in the trail.
AT_ONCE = 500


@transaction.atomic
def add_touch(
    *,
    lead: Lead,
    by: User,
    origin: str,
    detail: str = "",
    campaign: Campaign | None = None,
    touched_on: datetime.date | None = None,
) -> LeadTouch:
    """Another channel also touched the company about this request; the first one stays its origin (LEAD-11).

    `touched_on` is a day that is past, today when nothing is said.
    """
    now = timezone.now()
    at = now
    if touched_on is not None and touched_on < timezone.localdate(now):
        at = datetime.datetime.combine(touched_on, datetime.time(12), TEAM_ZONE)
    touch = LeadTouch.objects.create(lead=lead, origin=origin, detail=detail, touched_at=at, campaign=campaign)
    record("crm.lead_touch_added", lead, by=by, origin=origin, campaign=campaign.code if campaign else "")
    return touch


@transaction.atomic
def attribute_touch(*, touch: LeadTouch, campaign: Campaign | None, by: User) -> LeadTouch:
    """A channel that is noted already came by a campaign, or by none after all; its words stay as they are."""
    touch = LeadTouch.objects.select_for_update(of=("self",)).select_related("lead").get(pk=touch.pk)
    before = snapshot(touch)
    touch.campaign = campaign
    changes = changes_since(before, touch)
    if changes:
        touch.save(update_fields=["campaign"])
        record("crm.lead_touch_attributed", touch.lead, by=by, changes=changes)
    return touch


@transaction.atomic
def adopt_requests(*, campaign: Campaign, by: User) -> int:
    """Let the requests that one sees and that name a campaign in their words point to it. Returns how many."""
    named = list(naming(campaign, by).values_list("pk", flat=True)[:AT_ONCE])
    # Asked again of the locked rows: a colleague may have let one point elsewhere meanwhile.
    touches = LeadTouch.objects.select_for_update(of=("self",)).filter(pk__in=named, campaign__isnull=True)
    found = list(touches.select_related("lead"))
    leads = {touch.lead_id: touch.lead for touch in found}
    LeadTouch.objects.filter(pk__in=[touch.pk for touch in found]).update(campaign=campaign)
    for lead in leads.values():
        record("crm.lead_touch_attributed", lead, by=by, campaign=campaign.code)
    record("crm.requests_adopted", campaign, by=by, requests=len(leads))
    return len(leads)
