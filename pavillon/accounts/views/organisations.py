"""Partners of the team, regional teams and correspondents abroad."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from pavillon.accounts import actions, queries
from pavillon.accounts.forms.filters import OrganisationFilters
from pavillon.accounts.forms.organisations import CorrespondentForm, EndCorrespondentForm, OrganisationForm, ShopForm
from pavillon.accounts.models import Correspondent, Membership, Organisation
from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.reference.models import Region
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("accounts.view_organisations")
def organisations(request):
    return list_page(
        request,
        Organisation.objects.visible_to(request.user)
        .partners()
        .with_people_count()
        .select_related("region", "country"),
        template="accounts/organisations.html",
        rows="accounts/_organisation_rows.html",
        filters=OrganisationFilters,
        sorts={"name": ["name"], "kind": ["kind", "name"], "level": ["level", "name"]},
        sort="name",
        notes_reading=False,
    )


@requires("accounts.view_organisation", on=Organisation)
def organisation(request, organisation):
    context = queries.organisation_facts(organisation)
    return render(request, "accounts/organisation.html", {"organisation": organisation, **context})


@requires("accounts.create_organisation")
def create_organisation(request):
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            created = actions.create_organisation(by=request.user, **form.cleaned_data)
            say(request, _("%(name)s is part of the network now.") % {"name": created})
            return redirect("accounts:organisation", created.pk)
        except actions.NameTaken as error:
            form.add_error("name", str(error))
    return form_page(request, "accounts/create_organisation.html", {"form": form})


@requires("accounts.change_organisation", on=Organisation)
def change_organisation(request, organisation):
    form = OrganisationForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        try:
            actions.change_organisation(organisation=organisation, by=request.user, **form.cleaned_data)
            say(request, _("Saved."))
            return redirect("accounts:organisation", organisation.pk)
        except actions.NameTaken as error:
            form.add_error("name", str(error))
    return form_page(request, "accounts/change_organisation.html", {"form": form, "organisation": organisation})


@requires("accounts.view_region_team")
def regions(request):
    return render(request, "accounts/regions.html", {"regions": queries.regions_with_teams()})


@requires("accounts.view_region_team")
def region_team(request, region):
    region = get_object_or_404(Region, pk=region)
    context = queries.team_page(region)
    note_read(request.user, Membership, how="list", rows=len(context["team"]), ids=context["team_ids"])
    return render(request, "accounts/region_team.html", {"region": region, **context})


@requires("accounts.compose_shop")
def compose_shop(request, region):
    region = get_object_or_404(Region, pk=region)
    shop, seated = queries.shop_of(region)
    form = ShopForm(request.POST or None, region=region, shop=shop, seated=seated)
    if form.is_valid():
        actions.compose_shop(region=region, by=request.user, **form.cleaned_data)
        say(request, _("The team of %(region)s is composed.") % {"region": region})
        return redirect("accounts:region_team", region.pk)
    return form_page(request, "accounts/compose_shop.html", {"form": form, "region": region})


@requires("accounts.view_correspondents")
def correspondents(request):
    mandates = Correspondent.objects.visible_to(request.user).select_related("country", "organisation")
    return render(
        request, "accounts/correspondents.html", {"mandates": mandates.order_by("country__name_fr", "-starts_on")}
    )


@requires("accounts.name_correspondent")
def name_correspondent(request):
    form = CorrespondentForm(request.POST or None)
    if form.is_valid():
        try:
            mandate = actions.name_correspondent(by=request.user, **form.cleaned_data)
            say(request, _("Correspondent named: %(mandate)s.") % {"mandate": mandate})
            return redirect("accounts:correspondents")
        except (actions.CountryTaken, actions.WrongCorrespondent) as error:
            form.add_error("country", str(error))
    return form_page(request, "accounts/name_correspondent.html", {"form": form})


@requires("accounts.end_correspondent", on=Correspondent)
def end_correspondent(request, correspondent):
    form = EndCorrespondentForm(request.POST or None, correspondent=correspondent)
    if form.is_valid():
        actions.end_correspondent(correspondent=correspondent, by=request.user, **form.cleaned_data)
        say(request, _("The mandate has its last day."))
        return redirect("accounts:correspondents")
    return form_page(request, "accounts/end_correspondent.html", {"form": form, "mandate": correspondent})
