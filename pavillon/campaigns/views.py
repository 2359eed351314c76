"""Campaigns: beside each other, one by one, their plan and their costs."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.campaigns import actions
from pavillon.campaigns.enums import Attribution
from pavillon.campaigns.forms import CampaignCostForm, CampaignFilter, CampaignForm, CampaignSettingsForm
from pavillon.campaigns.lists import FIGURES, columns_of, sorts_of
from pavillon.campaigns.models import Campaign, CampaignCost
from pavillon.campaigns.permissions import plans_for_all
from pavillon.campaigns.queries.campaigns import present_settings
from pavillon.campaigns.queries.links import landings_of
from pavillon.campaigns.queries.returns import channel_lines, reads_money, returns_and_settings
from pavillon.core.policy import readable
from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.ui import exports
from pavillon.ui.choices import ask_together
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import CAP, Listing
from pavillon.ui.messages import say

DEEDS = ("change_campaign", "close_campaign", "reopen_campaign", "add_campaign_cost")


@require_GET
@requires("campaigns.view_campaigns")
def campaigns(request):
    """Beside each other: what each one cost and brought. The figures of all rows are a few statements."""
    seen = Campaign.objects.visible_to(request.user).select_related("organisation", "region")
    filters = CampaignFilter(request.GET or None, queryset=seen, request=request)
    may_export = request.user.has_perm("campaigns.export_campaigns")
    wants_file = may_export and request.GET.get("format") in exports.FORMATS
    sort, lines, settings = request.GET.get("sort", ""), {}, None
    if wants_file or sort.lstrip("-") in FIGURES:
        lines, settings = _lines(filters.qs.order_by()[:CAP], filters, request.user)
    listing = Listing(request, filters.qs, sorts_of(list(lines.values()), sort), "newest", filters=filters)
    if wants_file:
        return exports.answer(request, listing.ordered[:CAP], columns_of(lines, reads_money(request.user)), "campaigns")
    if may_export:
        listing.exports = [(name, listing.url(format=key)) for key, name in exports.FORMATS.items()]
    if settings is None:
        lines, settings = _lines(listing.rows, filters, request.user)
    ask_together(filters.form)
    note_read(request.user, Campaign, how="list", rows=len(listing.rows), ids=[row.pk for row in listing.rows])
    context = {"listing": listing, "lines": [lines[row.pk] for row in listing.rows], "settings": settings}
    return fragment(request, "campaigns/campaigns.html", "campaigns/_campaign_rows.html", context | _rights(request))


def _rights(request):
    return {
        "may_create": request.user.has_perm("campaigns.create_campaign"),
        "may_set": request.user.has_perm("campaigns.change_campaign_settings"),
        "reads_money": reads_money(request.user),
    }


def _lines(rows, filters, user):
    told, settings = returns_and_settings(list(rows), user)
    return {each.campaign.pk: each.figures(filters.chosen) for each in told}, settings


@require_GET
@requires("campaigns.view_campaign", on=Campaign)
def view_campaign(request, campaign):
    """Its plan, what it cost by channel, and what it brought by each way of attributing."""
    (told,), settings = returns_and_settings([campaign], request.user)
    context = {
        "campaign": campaign,
        "told": told,
        "figures": [told.figures(attribution) for attribution in Attribution.values],
        "main": told.figures(Attribution.COMBINED),
        "channels": channel_lines(told),
        "reads_lines": bool(readable(request.user, CampaignCost, ["planned", "spent"])),
        "costs": CampaignCost.objects.visible_to(request.user).filter(campaign=campaign),
        "settings": settings,
        "landings": landings_of(campaign),
        "may": {deed: request.user.has_perm(f"campaigns.{deed}", campaign) for deed in DEEDS},
    }
    return render(request, "campaigns/view_campaign.html", context | _rights(request))


def _own(request):
    """The organisation that a planner plans for, None for who plans for all."""
    return None if plans_for_all(request.user) else request.user.organisation


@requires("campaigns.create_campaign")
def create_campaign(request):
    initial = {"organisation": request.user.organisation}
    form = CampaignForm(request.POST or None, user=request.user, own=_own(request), initial=initial)
    if form.is_valid():
        try:
            campaign = actions.create_campaign(by=request.user, **form.cleaned_data)
            say(request, _("The campaign is planned: note what it is to cost."))
            return redirect(campaign)
        except actions.CodeTaken as error:
            form.add_error("code", ValidationError(str(error)))
    return form_page(request, "campaigns/create_campaign.html", {"form": form})


@requires("campaigns.change_campaign", on=Campaign)
def change_campaign(request, campaign):
    form = CampaignForm(request.POST or None, user=request.user, own=_own(request), instance=campaign)
    if form.is_valid():
        try:
            actions.change_campaign(campaign=campaign, by=request.user, **form.cleaned_data)
            say(request, _("The campaign is changed."))
            return redirect(campaign)
        except actions.CodeTaken as error:
            form.add_error("code", ValidationError(str(error)))
        except actions.CurrencyKept as error:
            form.add_error("currency", ValidationError(str(error)))
    # The form has written into the row what was typed: the page tells what stands.
    stored = Campaign.objects.visible_to(request.user).get(pk=campaign.pk)
    return form_page(request, "campaigns/create_campaign.html", {"form": form, "campaign": stored})


@require_POST
@requires("campaigns.close_campaign", on=Campaign)
def close_campaign(request, campaign):
    actions.close_campaign(campaign=campaign, by=request.user)
    say(request, _("The campaign is closed: requests no longer point to it."))
    return redirect(campaign)


@require_POST
@requires("campaigns.reopen_campaign", on=Campaign)
def reopen_campaign(request, campaign):
    actions.reopen_campaign(campaign=campaign, by=request.user)
    say(request, _("Requests may point to the campaign again."))
    return redirect(campaign)


@requires("campaigns.add_campaign_cost", on=Campaign)
def add_campaign_cost(request, campaign):
    form = CampaignCostForm(request.POST or None, user=request.user)
    if form.is_valid():
        actions.add_campaign_cost(campaign=campaign, by=request.user, **form.told)
        say(request, _("The cost is noted."))
        return redirect(campaign)
    return form_page(request, "campaigns/campaign_cost.html", {"form": form, "campaign": campaign})


@requires("campaigns.change_campaign_cost", on=CampaignCost)
def change_campaign_cost(request, campaigncost):
    form = CampaignCostForm(request.POST or None, user=request.user, instance=campaigncost)
    if form.is_valid():
        actions.change_campaign_cost(cost=campaigncost, by=request.user, **form.told)
        say(request, _("The cost is changed."))
        return redirect(campaigncost.campaign)
    context = {"form": form, "campaign": campaigncost.campaign, "cost": campaigncost}
    return form_page(request, "campaigns/campaign_cost.html", context)


@require_POST
@requires("campaigns.remove_campaign_cost", on=CampaignCost)
def remove_campaign_cost(request, campaigncost):
    campaign = campaigncost.campaign
    actions.remove_campaign_cost(cost=campaigncost, by=request.user)
    say(request, _("The cost was removed; the trail keeps it."))
    return redirect(campaign)


@requires("campaigns.change_campaign_settings")
def change_campaign_settings(request):
    form = CampaignSettingsForm(request.POST or None, instance=present_settings())
    if form.is_valid():
        actions.change_campaign_settings(by=request.user, **form.cleaned_data)
        say(request, _("The figures of campaigns follow from now on."))
        return redirect("campaigns:campaigns")
    return form_page(request, "campaigns/change_campaign_settings.html", {"form": form})
