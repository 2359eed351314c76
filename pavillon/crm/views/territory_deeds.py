"""Changing territories: each form shows first what would happen, then does exactly that."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.actions.territory_works import AT_ONCE, REFUSALS
from pavillon.crm.enums import TerritoryAsk
from pavillon.crm.forms.territories import RegionForm
from pavillon.crm.forms.territory_deeds import DEEDS, named_by
from pavillon.crm.models import Territory, TerritoryChange
from pavillon.crm.queries.territory_pages import places_of, preview_of
from pavillon.crm.queries.territory_undoing import undoing_of
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


def _deed(request, ask, action, template, place, initial=None, **context):
    """The form; with answers the preview; with the preview's mark the deed itself, or the preview anew and why."""
    deed = DEEDS[ask]
    form = deed.form(request.POST or None, initial=initial, **place)
    carried = [(name, value) for name, values in request.POST.lists() for value in values if name in form.fields]
    shown = {}
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("seen"):
                return redirect(_applied(request, ask, action, place, form))
        except REFUSALS as error:
            form.add_error(None, str(error))
        shown = preview_of(deed.plan(**named_by(ask, place, form)), request.user)
        if shown["plan"].is_empty and shown["plan"].deed != "changed":
            form.add_error(None, _("Nothing would move: choose other places or another adviser."))
    return form_page(request, template, {"form": form, "carried": carried, **shown, **context})


def _applied(request, ask, action, place, form):
    """The change, done; or the page of the worker that does it when many companies pass."""
    seen, named = request.POST["seen"], named_by(ask, place, form)
    plan = DEEDS[ask].plan(**named)
    many = len(plan.passing)
    if many > AT_ONCE:
        posted = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
        asked = {"ask": ask, "posted": posted, "seen": seen, "companies": many, "passing": plan.by_pair}
        return actions.ask_territory_change(**place, **asked, by=request.user)
    reason = form.cleaned_data.get("reason", "")
    change = action(**named, by=request.user, reason=reason, seen=seen)
    say(request, _("It is done, and can be undone as a whole below."))
    return change


def _on_territory(request, ask, action, territory, initial=None):
    place = {"organisation": territory.organisation, "region": territory.region, "territory": territory}
    return _deed(request, ask, action, f"crm/{action.__name__}.html", place, initial, territory=territory)


def _in_region(request, ask, action):
    """A manager draws in his region, a national one in that which the address names, or in the usual one."""
    usual = request.user.region_id or places_of(request.user).usual["region"]
    where = RegionForm({"region": request.user.region_id or request.GET.get("region") or usual})
    if not where.is_valid():
        where = RegionForm({"region": usual})
        where.is_valid()
    region = where.cleaned_data["region"]
    place = {"organisation": request.user.organisation, "region": region}
    return _deed(request, ask, action, f"crm/{action.__name__}.html", place, where=where, region=region)


@requires("crm.create_territory")
def create_territory(request):
    return _in_region(request, TerritoryAsk.CREATE, actions.create_territory)


@requires("crm.split_territory", on=Territory)
def split_territory(request, territory):
    return _on_territory(request, TerritoryAsk.SPLIT, actions.split_territory, territory)


@requires("crm.move_territory_areas", on=Territory)
def move_territory_areas(request, territory):
    return _on_territory(request, TerritoryAsk.MOVE, actions.move_territory_areas, territory)


@requires("crm.merge_territories", on=Territory)
def merge_territories(request, territory):
    return _on_territory(request, TerritoryAsk.MERGE, actions.merge_territories, territory)


@requires("crm.change_territory", on=Territory)
def change_territory(request, territory):
    initial = {"name": territory.name, "adviser": territory.adviser_id}
    return _on_territory(request, TerritoryAsk.CHANGE, actions.change_territory, territory, initial)


@requires("crm.retire_territory", on=Territory)
def retire_territory(request, territory):
    return _on_territory(request, TerritoryAsk.RETIRE, actions.retire_territory, territory)


@requires("crm.reassign_portfolio")
def reassign_portfolio(request):
    return _in_region(request, TerritoryAsk.REASSIGN, actions.reassign_portfolio)


@require_POST
@requires("crm.undo_territory_change", on=TerritoryChange)
def undo_territory_change(request, territorychange):
    try:
        if territorychange.moves.count() > AT_ONCE:
            back = undoing_of(territorychange)
            place = {"organisation": territorychange.organisation, "region": territorychange.region}
            asked = {"undoes": territorychange, "companies": len(back.moves), "passing": back.by_pair}
            asked["ask"] = TerritoryAsk.UNDO
            return redirect(actions.ask_territory_change(**place, **asked, by=request.user))
        undone = actions.undo_territory_change(change=territorychange, by=request.user)
    except REFUSALS as error:
        messages.warning(request, str(error))
        return redirect(territorychange)
    say(request, _("It is undone: what still stood as it was left went back."))
    return redirect(undone)
