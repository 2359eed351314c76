"""Changing territories: each form shows first what would happen, then does exactly that."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.territories import (
    ChangeTerritoryForm,
    CreateTerritoryForm,
    MergeTerritoriesForm,
    MoveAreasForm,
    ReassignPortfolioForm,
    RegionForm,
    RetireTerritoryForm,
    SplitTerritoryForm,
)
from pavillon.crm.models import Territory, TerritoryChange
from pavillon.crm.queries import territory_plans as plans
from pavillon.crm.queries.territory_pages import places_of, preview_of
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

REFUSALS = (
    actions.AlreadyUndone,
    actions.NameTaken,
    actions.NothingMoves,
    actions.PlanMoved,
    actions.TerritoryEnded,
)


def _deed(request, form, template, plan, apply, **context):
    """The form; with answers the preview; with the preview's mark the deed itself, or the preview anew and why."""
    shown = {}
    if form.is_bound and form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            if seen:
                change = apply(by=request.user, reason=form.cleaned_data.get("reason", ""), seen=seen)
                say(request, _("It is done, and can be undone as a whole below."))
                return redirect(change)
        except REFUSALS as error:
            form.add_error(None, str(error))
        shown = preview_of(plan(), request.user)
        if shown["plan"].is_empty and shown["plan"].deed != "changed":
            form.add_error(None, _("Nothing would move: choose other places or another adviser."))
    carried = [(name, value) for name, values in request.POST.lists() for value in values if name in form.fields]
    return form_page(request, template, {"form": form, "carried": carried, **shown, **context})


def _on_territory(request, territory, form_class, template, plan, action, initial=None):
    """A deed on one territory; what a form says of another one goes to the plan and to the action alike."""
    place = {"organisation": territory.organisation, "region": territory.region, "territory": territory}
    form = form_class(request.POST or None, initial=initial, **place)

    def named():
        other = form.cleaned_data.get("other")
        return {"territory": territory, "asked": form.asked, **({"other": other} if other else {})}

    return _deed(
        request,
        form,
        template,
        lambda: plan(**named()),
        lambda **how: action(**named(), **how),
        territory=territory,
    )


def _region_asked(request):
    """(where a manager draws, the form that asks): his region, the one that the address names, or the usual one."""
    usual = request.user.region_id or places_of(request.user).usual["region"]
    form = RegionForm({"region": request.user.region_id or request.GET.get("region") or usual})
    if not form.is_valid():
        form = RegionForm({"region": usual})
        form.is_valid()
    return form.cleaned_data["region"], form


@requires("crm.create_territory")
def create_territory(request):
    region, where = _region_asked(request)
    place = {"organisation": request.user.organisation, "region": region}
    form = CreateTerritoryForm(request.POST or None, **place)
    return _deed(
        request,
        form,
        "crm/create_territory.html",
        lambda: plans.plan_territory(**place, asked=form.asked),
        lambda **how: actions.create_territory(**place, asked=form.asked, **how),
        where=where,
        region=region,
    )


@requires("crm.split_territory", on=Territory)
def split_territory(request, territory):
    return _on_territory(
        request, territory, SplitTerritoryForm, "crm/split_territory.html", plans.plan_split, actions.split_territory
    )


@requires("crm.move_territory_areas", on=Territory)
def move_territory_areas(request, territory):
    return _on_territory(
        request,
        territory,
        MoveAreasForm,
        "crm/move_territory_areas.html",
        plans.plan_move,
        actions.move_territory_areas,
    )


@requires("crm.merge_territories", on=Territory)
def merge_territories(request, territory):
    return _on_territory(
        request,
        territory,
        MergeTerritoriesForm,
        "crm/merge_territories.html",
        plans.plan_merge,
        actions.merge_territories,
    )


@requires("crm.change_territory", on=Territory)
def change_territory(request, territory):
    initial = {"name": territory.name, "adviser": territory.adviser_id}
    return _on_territory(
        request,
        territory,
        ChangeTerritoryForm,
        "crm/change_territory.html",
        plans.plan_change,
        actions.change_territory,
        initial,
    )


@requires("crm.retire_territory", on=Territory)
def retire_territory(request, territory):
    place = {"organisation": territory.organisation, "region": territory.region, "territory": territory}
    form = RetireTerritoryForm(request.POST or None, **place)
    return _deed(
        request,
        form,
        "crm/retire_territory.html",
        lambda: plans.plan_retirement(territory),
        lambda **how: actions.retire_territory(territory=territory, **how),
        territory=territory,
    )


@requires("crm.reassign_portfolio")
def reassign_portfolio(request):
    region, where = _region_asked(request)
    place = {"organisation": request.user.organisation, "region": region}
    form = ReassignPortfolioForm(request.POST or None, **place)

    def named():
        return {**place, "asked": form.asked, "territory": form.cleaned_data["territory"]}

    return _deed(
        request,
        form,
        "crm/reassign_portfolio.html",
        lambda: plans.plan_reassignment(**named()),
        lambda **how: actions.reassign_portfolio(**named(), **how),
        where=where,
        region=region,
    )


@require_POST
@requires("crm.undo_territory_change", on=TerritoryChange)
def undo_territory_change(request, territorychange):
    try:
        undone = actions.undo_territory_change(change=territorychange, by=request.user)
    except REFUSALS as error:
        messages.warning(request, str(error))
        return redirect(territorychange)
    say(request, _("It is undone: what still stood as it was left went back."))
    return redirect(undone)
