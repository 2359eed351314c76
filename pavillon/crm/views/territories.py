"""Territories on the map and in figures, the page of one, the companies that lie in it, the report of changes."""

from django.db.models import F
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.crm.forms.territories import WhereForm
from pavillon.crm.forms.territory_lists import TerritoryCompanyFilter
from pavillon.crm.models import Territory, TerritoryChange, TerritoryWork
from pavillon.crm.queries.territory_pages import (
    balance_today,
    change_facts,
    changes_of,
    companies_in,
    overview_of,
    places_of,
    territory_facts,
)
from pavillon.crm.queries.territory_passages import passages_of
from pavillon.crm.queries.territory_undoing import undoing_of
from pavillon.directory.models import Company
from pavillon.ui.exports import Column
from pavillon.ui.htmx import fragment, is_htmx
from pavillon.ui.lists import list_page

COMPANY_COLUMNS = [
    Column(_("Company"), lambda company: company.name),
    Column(_("Postal code"), lambda company: company.postal_code, field="postal_code"),
    Column(_("Town"), lambda company: company.place),
    Column(_("Potential"), lambda company: company.profile.score if hasattr(company, "profile") else None),
]
CHANGE_COLUMNS = [
    Column(_("Day"), lambda change: change.decided_at),
    Column(_("What was done"), lambda change: str(change)),
    Column(_("Advisers per 1,000 accounts, before"), lambda change: change.before.get("density")),
    Column(_("after"), lambda change: change.after.get("density")),
    Column(_("Accounts per adviser, before"), lambda change: change.before.get("accounts_per_adviser")),
    Column(_("after"), lambda change: change.after.get("accounts_per_adviser")),
    Column(_("Followed (%), before"), lambda change: change.before.get("followed_percent")),
    Column(_("after"), lambda change: change.after.get("followed_percent")),
]


def _where(request):
    """(the form as shown, organisation, region): as asked, else where this person looks first."""
    places = places_of(request.user)
    asked = {name: request.GET.get(name) or places.usual[name] for name in ("organisation", "region")}
    form = WhereForm(asked, organisations=places.organisations, regions=places.regions)
    if not form.is_valid():
        form = WhereForm(places.usual, organisations=places.organisations, regions=places.regions)
        form.is_valid()
    return form, form.cleaned_data["organisation"], form.cleaned_data["region"]


@require_GET
@requires("crm.view_territories")
def territories(request):
    form, organisation, region = _where(request)
    is_own = bool(request.user.acting) and request.user.acting.organisation_id == organisation.pk
    may_draw = is_own and request.user.has_perm("crm.create_territory")
    works = TerritoryWork.objects.visible_to(request.user).moving().filter(organisation=organisation)
    context = {**overview_of(organisation, region), "form": form, "may_draw": may_draw, "works": works}
    return render(request, "crm/territories.html", context)


@require_GET
@requires("crm.view_territory", on=Territory)
def territory(request, territory):
    may = {
        deed: request.user.has_perm(f"crm.{deed}", territory)
        for deed in (
            "split_territory",
            "move_territory_areas",
            "merge_territories",
            "change_territory",
            "retire_territory",
        )
    }
    return render(request, "crm/territory.html", {**territory_facts(territory), "may": may})


@require_GET
@requires("crm.view_territory", on=Territory)
def territory_companies(request, territory):
    """The companies that lie in a territory, the highest potential first."""
    rows = companies_in(territory, Company.objects.visible_to(request.user).exportable())
    return list_page(
        request,
        rows.select_related("commune", "country", "profile"),
        template="crm/territory_companies.html",
        rows="crm/_territory_company_rows.html",
        sorts={"potential": [F("profile__score")], "company": ["match_name"]},
        sort="-potential",
        filters=TerritoryCompanyFilter,
        columns=COMPANY_COLUMNS,
        export_permission="crm.export_leads",
        context={"territory": territory},
    )


@require_GET
@requires("crm.view_territory_changes")
def territory_changes(request):
    """The coverage before and after each change, and today."""
    form, organisation, region = _where(request)
    rows = changes_of(TerritoryChange.objects.visible_to(request.user), organisation, region)
    return list_page(
        request,
        rows,
        template="crm/territory_changes.html",
        rows="crm/_territory_change_rows.html",
        sorts={"newest": ["-decided_at"]},
        sort="newest",
        columns=CHANGE_COLUMNS,
        export_permission="crm.export_leads",
        context={"form": form, "balance": balance_today(organisation, region)},
    )


@require_GET
@requires("crm.view_territory_change", on=TerritoryChange)
def territory_change(request, territorychange):
    may_undo = request.user.has_perm("crm.undo_territory_change", territorychange)
    back = undoing_of(territorychange) if may_undo else None
    return render(request, "crm/territory_change.html", {**change_facts(territorychange, request.user), "back": back})


@require_GET
@requires("crm.view_territory_work", on=TerritoryWork)
def territory_work(request, territorywork):
    """How far a large change is; the piece refreshes itself until it is done."""
    # What passes from whom to whom stands beside the piece, and is counted once.
    beside = {} if is_htmx(request) else {"passages": passages_of(territorywork, request.user)}
    return fragment(request, "crm/territory_work.html", "crm/_territory_work.html", {"work": territorywork, **beside})
