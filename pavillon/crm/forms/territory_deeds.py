"""What each deed on territories asks, foresees and does: for the page that previews it and the worker that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.enums import TerritoryAsk
from pavillon.crm.forms import territories as forms
from pavillon.crm.models import TerritoryChange, TerritoryWork
from pavillon.crm.queries import territory_plans as plans
from pavillon.crm.queries.territory_plans import Plan


@dataclass(frozen=True)
class Deed:
    """`form` asks, `plan` says what would happen, `action` does it."""

    form: Callable[..., Any]
    plan: Callable[..., Plan]
    action: Callable[..., TerritoryChange]


DEEDS = {
    TerritoryAsk.CREATE: Deed(forms.CreateTerritoryForm, plans.plan_territory, actions.create_territory),
    TerritoryAsk.SPLIT: Deed(forms.SplitTerritoryForm, plans.plan_split, actions.split_territory),
    TerritoryAsk.MOVE: Deed(forms.MoveAreasForm, plans.plan_move, actions.move_territory_areas),
    TerritoryAsk.MERGE: Deed(forms.MergeTerritoriesForm, plans.plan_merge, actions.merge_territories),
    TerritoryAsk.CHANGE: Deed(forms.ChangeTerritoryForm, plans.plan_change, actions.change_territory),
    TerritoryAsk.RETIRE: Deed(forms.RetireTerritoryForm, plans.plan_retirement, actions.retire_territory),
    TerritoryAsk.REASSIGN: Deed(forms.ReassignPortfolioForm, plans.plan_reassignment, actions.reassign_portfolio),
}


def named_by(ask: str, place: Mapping[str, Any], form: Any) -> dict[str, Any]:
    """What a valid form says, as its plan and its action take it; `place` is where: organisation, region, territory."""
    if ask == TerritoryAsk.RETIRE:
        return {"territory": place["territory"]}
    if ask in (TerritoryAsk.CREATE, TerritoryAsk.REASSIGN):
        within = {"territory": form.cleaned_data["territory"]} if ask == TerritoryAsk.REASSIGN else {}
        return {"organisation": place["organisation"], "region": place["region"], "asked": form.asked, **within}
    other = form.cleaned_data.get("other")
    return {"territory": place["territory"], "asked": form.asked, **({"other": other} if other else {})}


def apply_work(work: TerritoryWork, by: Any) -> TerritoryChange:
    """Do what was previewed. Raises actions.FormMoved when the answers hold no longer, and as the action does."""
    place = {"organisation": work.organisation, "region": work.region}
    if work.ask not in (TerritoryAsk.CREATE, TerritoryAsk.REASSIGN):
        if work.territory is None:
            raise actions.FormMoved
        place["territory"] = work.territory
    posted = QueryDict(mutable=True)
    for name, values in work.posted.items():
        posted.setlist(name, values)
    deed = DEEDS[TerritoryAsk(work.ask)]
    # It was asked for in time, also when the worker comes to it after midnight.
    form = deed.form(posted, **place, today=timezone.localdate(work.asked_at))
    if not form.is_valid():
        raise actions.FormMoved(" ".join(str(error) for errors in form.errors.values() for error in errors))
    reason = form.cleaned_data.get("reason", "")
    return deed.action(**named_by(work.ask, place, form), by=by, reason=reason, seen=work.seen)
