"""Planning campaigns, what they cost, and for how long they count."""

import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.campaigns.models import Campaign, CampaignCost, CampaignSettings
from pavillon.campaigns.queries.campaigns import free_code
from pavillon.core.changes import changes_since, snapshot
from pavillon.reference.models import Region


class CodeTaken(Exception):
    """Another campaign has this code."""


class CurrencyKept(Exception):
    """Costs are noted in the currency of the campaign: it cannot become another."""


@transaction.atomic
def create_campaign(
    *,
    name: str,
    organisation: Organisation,
    starts_on: datetime.date,
    ends_on: datetime.date,
    currency: str,
    by: User | None,
    code: str = "",
    aim: str = "",
    region: Region | None = None,
    is_shared: bool = False,
    is_demo: bool = False,
) -> Campaign:
    """Plan a campaign. Without a code it gets one from its name. Raises CodeTaken."""
    campaign = Campaign(
        name=name,
        code=code or free_code(name),
        aim=aim,
        organisation=organisation,
        region=region,
        is_shared=is_shared,
        starts_on=starts_on,
        ends_on=ends_on,
        currency=currency,
        made_by=by,
        is_demo=is_demo,
    )
    _save(campaign)
    record("campaigns.campaign_created", campaign, by=by, name=name, code=campaign.code)
    return campaign


@transaction.atomic
def change_campaign(
    *,
    campaign: Campaign,
    name: str,
    code: str,
    aim: str,
    organisation: Organisation,
    region: Region | None,
    is_shared: bool,
    starts_on: datetime.date,
    ends_on: datetime.date,
    currency: str,
    by: User,
) -> Campaign:
    """Write the plan of a campaign anew. Raises CodeTaken, and CurrencyKept once a cost is noted."""
    campaign = _locked(campaign)
    if currency != campaign.currency and campaign.costs.exists():
        raise CurrencyKept(
            _("Its costs are noted in %(currency)s: keep it, or take the lines away first.")
            % {"currency": campaign.currency}
        )
    before = snapshot(campaign)
    campaign.name, campaign.code, campaign.aim, campaign.organisation = name, code or campaign.code, aim, organisation
    campaign.region, campaign.is_shared, campaign.currency = region, is_shared, currency
    campaign.starts_on, campaign.ends_on = starts_on, ends_on
    changes = changes_since(before, campaign)
    if changes:
        _save(campaign)
        record("campaigns.campaign_changed", campaign, by=by, changes=changes)
    return campaign


def _locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def _save(campaign: Campaign) -> None:
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        raise CodeTaken(
            _("Another campaign has the code %(code)s: choose another one.") % {"code": campaign.code}
        ) from error


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User) -> None:
    """It is no longer offered, and its links attribute nothing more; what points to it stays."""
    campaign = _locked(campaign)
    if campaign.closed_at is None:
        campaign.closed_at = timezone.now()
        campaign.save(update_fields=["closed_at", "changed_at"])
        record("campaigns.campaign_closed", campaign, by=by)


@transaction.atomic
def reopen_campaign(*, campaign: Campaign, by: User) -> None:
    """Requests may point to it again."""
    campaign = _locked(campaign)
    if campaign.closed_at is not None:
        campaign.closed_at = None
        campaign.save(update_fields=["closed_at", "changed_at"])
        record("campaigns.campaign_reopened", campaign, by=by)


@transaction.atomic
def add_campaign_cost(
    *, campaign: Campaign, channel: str, label: str, planned: Decimal, spent: Decimal | None, by: User | None
) -> CampaignCost:
    """Note what a channel of a campaign is to cost, and what it did, in the campaign's currency."""
    # Locked, so that its currency is that of its first cost.
    campaign = _locked(campaign)
    cost = CampaignCost.objects.create(campaign=campaign, channel=channel, label=label, planned=planned, spent=spent)
    record("campaigns.cost_added", campaign, by=by, channel=channel, label=label, planned=planned, spent=spent)
    return cost


@transaction.atomic
def change_campaign_cost(
    *, cost: CampaignCost, channel: str, label: str, planned: Decimal, spent: Decimal | None, by: User
) -> CampaignCost:
    """Write a line of cost anew."""
    cost = CampaignCost.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=cost.pk)
    before = snapshot(cost)
    cost.channel, cost.label, cost.planned, cost.spent = channel, label, planned, spent
    changes = changes_since(before, cost)
    if changes:
        cost.save()
        record("campaigns.cost_changed", cost.campaign, by=by, changes=changes, label=label)
    return cost


@transaction.atomic
def remove_campaign_cost(*, cost: CampaignCost, by: User) -> None:
    """Take a wrong line away; the trail keeps it."""
    record(
        "campaigns.cost_removed", cost.campaign, by=by,
        channel=cost.channel, label=cost.label, planned=cost.planned, spent=cost.spent,
    )  # fmt: skip
    cost.delete()


@transaction.atomic
def change_campaign_settings(*, window_days: int, by: User) -> CampaignSettings:
    """For how long a touch counts, from now on and for every figure that is asked."""
    CampaignSettings.objects.get_or_create(pk=1)
    settings = CampaignSettings.objects.select_for_update().get(pk=1)
    before = snapshot(settings)
    settings.window_days = window_days
    changes = changes_since(before, settings)
    if changes:
        settings.save()
        record("campaigns.settings_changed", settings, by=by, changes=changes)
    return settings
