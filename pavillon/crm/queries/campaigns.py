"""The requests that campaigns brought, by three ways of attributing (decision 0040), of all campaigns at once."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.campaigns.enums import Channel
from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.returns import Brought
from pavillon.crm.enums import CHANNELS
from pavillon.crm.models import Lead, LeadTouch
from pavillon.crm.queries.clock import TEAM_ZONE
from pavillon.ui.together import Part

# How long after its last day a request that names a campaign still means it.
STILL_NAMED = datetime.timedelta(days=60)

# Each request that one of the campaigns touched, with the touches of the campaign (k) among all of them (n): as a
# whole (channel is null) and by channel. Then requests alike are counted together.
_STATEMENT = """
WITH touched AS (
    SELECT DISTINCT lead_id FROM crm_leadtouch WHERE campaign_id = ANY(%s) AND lead_id IN ({seen})
), ranked AS (
    SELECT t.lead_id, t.campaign_id, t.is_first, coalesce(c.channel, 'other') AS channel,
        count(*) OVER (PARTITION BY t.lead_id) AS n,
        row_number() OVER (PARTITION BY t.lead_id ORDER BY t.touched_at DESC, t.id DESC) = 1 AS is_last
    FROM crm_leadtouch t JOIN touched USING (lead_id)
    LEFT JOIN unnest(%s::text[], %s::text[]) AS c (origin, channel) ON c.origin = t.origin
), requests AS (
    SELECT campaign_id, channel, lead_id, n, count(*) AS k, bool_or(is_first) AS is_first, bool_or(is_last) AS is_last
    FROM ranked WHERE campaign_id = ANY(%s)
    GROUP BY GROUPING SETS ((campaign_id, lead_id, n), (campaign_id, channel, lead_id, n))
)
SELECT campaign_id, channel, n, k, count(*), count(*) FILTER (WHERE is_first), count(*) FILTER (WHERE is_last)
FROM requests GROUP BY campaign_id, channel, n, k
"""
_TYPES = ("bigint", "text", *["bigint"] * 5)


def ask_requests(user: User, keys: Sequence[int]) -> Part | None:
    """The requests of campaigns, as a whole and by channel, of those that the reader may see."""
    try:
        seen, values = Lead.objects.visible_to(user).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    campaigns, origins = list(keys), [str(origin) for origin in CHANNELS]
    channels = [str(channel) for channel in CHANNELS.values()]
    return Part(_STATEMENT.format(seen=seen), [campaigns, *values, origins, channels, campaigns], _TYPES)


def read_requests(user: User, rows: list[tuple[Any, ...]]) -> dict[int, Brought]:
    """{campaign: its requests, as a whole and by channel}."""
    found: dict[int, Brought] = defaultdict(Brought)
    for campaign, channel, n, k, count, first, last in rows:
        line = found[campaign] if channel is None else found[campaign].part(channel)
        line.touched += count
        line.shares.add(first, last, count, k, n)
    return found


def touched_by(campaign: Campaign, credit: str = "", channel: str = "") -> Exists:
    """The requests behind a figure: touched by a campaign, first or last, over one channel of it or any."""
    touches = LeadTouch.objects.filter(lead=OuterRef("pk"), campaign=campaign)
    if credit == "first":
        touches = touches.filter(is_first=True)
    if credit == "last":
        later = Q(touched_at__gt=OuterRef("touched_at")) | Q(touched_at=OuterRef("touched_at"), pk__gt=OuterRef("pk"))
        touches = touches.exclude(Exists(LeadTouch.objects.filter(later, lead=OuterRef("lead"))))
    if channel == Channel.OTHER:
        touches = touches.exclude(origin__in=list(CHANNELS))
    elif channel:
        touches = touches.filter(origin__in=[origin for origin, one in CHANNELS.items() if one == channel])
    return Exists(touches)


def requests_behind(campaign: Campaign, credit: str, channel: str) -> str:
    """The list of these requests."""
    said: dict[str, Any] = {"whose": "all", "campaign": campaign.pk, "credit": credit, "by": channel}
    return f"{reverse('crm:leads')}?{urlencode({name: value for name, value in said.items() if value})}"


def naming(campaign: Campaign, user: User) -> QuerySet[LeadTouch]:
    """Touches of requests that one sees, that name a campaign in their words and point to none.

    Of its days and some weeks after: words like "Salon" name another effort the year before.
    """
    first = datetime.datetime.combine(campaign.starts_on, datetime.time.min, TEAM_ZONE)
    end = datetime.datetime.combine(campaign.ends_on + STILL_NAMED, datetime.time.max, TEAM_ZONE)
    seen = Lead.objects.visible_to(user).order_by().values("pk")
    named = Q(detail__iexact=campaign.name) | Q(is_first=True, lead__prompted_by__iexact=campaign.name)
    return LeadTouch.objects.filter(
        named, campaign__isnull=True, lead__in=seen, touched_at__range=(first, end)
    ).order_by("pk")
