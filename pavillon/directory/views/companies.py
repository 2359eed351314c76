"""The page of a company, and its forms."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.companies import CompanyForm, NewCompanyForm
from pavillon.directory.models import Company
from pavillon.directory.queries import ASKED_FROM, WrongSiren, candidates, find_register_unit
from pavillon.directory.queries.people import as_they_are_there, count_people, first_people
from pavillon.directory.queries.register import identity_of, identity_parts
from pavillon.directory.trail import changes_of
from pavillon.directory.views.frame import company_page
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

PEOPLE_SHOWN = 6


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company(request, company):
    """The page of a company; the former address of a merged one leads to the one that was kept."""
    if company.is_merged:
        say(request, _("%(name)s was merged into this company.") % {"name": company.name})
        return redirect(actions.forwarded(company), permanent=True)
    return company_page(
        request,
        "directory/company.html",
        company,
        "summary",
        beside={"people": first_people(company, request.user, PEOPLE_SHOWN + 1), **identity_parts(company)},
        contacts=lambda asked: as_they_are_there(asked["people"][:PEOPLE_SHOWN], company),
        contact_count=lambda asked: _count(asked["people"], company, request.user),
        identity=lambda asked: identity_of(company, **asked),
    )


def _count(people, company, user):
    """How many there are: of few people, all were asked for."""
    return len(people) if len(people) <= PEOPLE_SHOWN else count_people(company, user)


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company_changes(request, company):
    """Who changed what on this card, with old and new values that the reader may see."""
    changes = changes_of(company, request.user)
    return company_page(request, "directory/company_changes.html", company, "changes", changes=changes)


def _described(data):
    """What is typed in a form so far, as `candidates` takes it."""
    siren = "".join(c for c in data.get("siren", "") if c.isdigit())
    return {
        "siren": siren if len(siren) == 9 else "",
        "name": data.get("name", ""),
        "email": data.get("email", ""),
        "website": data.get("website", ""),
        "town": data.get("commune", "") or "",
    }


@require_GET
@requires("directory.create_company")
def find_candidates(request):
    """While somebody types: companies of the base that may be the same, with the reasons."""
    described = _described(request.GET)
    unit, refusal = None, ""
    if described["siren"]:
        try:
            unit = find_register_unit(described["siren"])
        except WrongSiren as error:
            refusal = str(error)
    context = {"candidates": candidates(**described, user=request.user), "unit": unit, "refusal": refusal}
    return render(request, "directory/_candidates.html", context)


@requires("directory.create_company")
def create_company(request):
    form = NewCompanyForm(request.POST or None, user=request.user)
    near = []
    if form.is_valid():
        near = [one for one in candidates(**_described(request.POST), user=request.user) if one.score >= ASKED_FROM]
        if form.cleaned_data["is_new"] or not near:
            created = _create(request, form)
            if created:
                say(request, _("%(name)s is in the base.") % {"name": created})
                return redirect(created)
    context = {"form": form, "candidates": near}
    return form_page(request, "directory/create_company.html", context)


def _create(request, form):
    """The new company, from the register when it has a SIREN; None with the reason on the form."""
    values = {name: value for name, value in form.known_values().items() if name not in ("is_new", "siren")}
    try:
        if not form.cleaned_data.get("siren"):
            return actions.create_company(by=request.user, **values)
        given = {name: value for name, value in values.items() if value not in (None, "", False)}
        return actions.create_from_register(siren=form.cleaned_data["siren"], by=request.user, **given)
    except actions.SirenTaken as error:
        form.add_error("siren", str(error))
    except actions.NumberTaken as error:
        form.add_error(None, str(error))
    except WrongSiren as error:
        form.add_error("siren", str(error))
    return None


@requires("directory.change_company", on=Company)
def change_company(request, company):
    form = CompanyForm(request.POST or None, user=request.user, company=company)
    if form.is_valid():
        try:
            changed = actions.change_company(company=company, by=request.user, **form.known_values())
        except actions.SirenTaken as error:
            form.add_error("siren", str(error))
        except actions.NumberTaken as error:
            form.add_error(None, str(error))
        else:
            say(request, _("The card is up to date.") if changed else _("Nothing was changed."))
            return redirect(company)
    return form_page(request, "directory/change_company.html", {"form": form, "company": company})
