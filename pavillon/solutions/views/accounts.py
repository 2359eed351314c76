"""Opening a company's account: the SIREN first, then the person, then the code sent by e-mail."""

from urllib.parse import urlencode

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.accounts import actions as accounts
from pavillon.accounts.queries import waiting_identity
from pavillon.core.views import public, requires
from pavillon.directory.models import Company
from pavillon.directory.queries import WrongSiren, find_register_unit
from pavillon.solutions.actions import accounts as actions
from pavillon.solutions.forms.accounts import FindCompanyForm, PersonForm, PurposesForm, SirenForm
from pavillon.solutions.lists import AccountFilter
from pavillon.solutions.queries import accounts as queries
from pavillon.solutions.queries.belonging import holders_of, newcomers_of
from pavillon.solutions.queries.diagnosis import find_running
from pavillon.solutions.queries.sites import region_of
from pavillon.solutions.views.diagnosis import COOKIE
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.limits import limited
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


def journey_of(request):
    """What travels from page to page in the address: the region one comes from and the diagnosis to keep."""
    asked = request.POST.get("diagnosis") or request.GET.get("diagnosis") or request.COOKIES.get(COOKIE, "")
    found = find_running(asked, request.user)
    diagnosis = found if found and found.company_id is None else None
    region = region_of(request)
    if region is None and diagnosis is not None:
        region = request.site_region = diagnosis.region
    return region, diagnosis


def onward(region, diagnosis):
    """The query string that keeps the journey, "" when there is nothing to keep."""
    kept = {"region": region.slug if region else "", "diagnosis": diagnosis.token if diagnosis else ""}
    return urlencode({name: value for name, value in kept.items() if value})


@public
@limited("240/h", person="60/h")
def open_account(request):
    """Which company? The answer of the register is immediate."""
    if request.user.is_authenticated and request.user.is_company:
        return redirect("solutions_company:company_home")
    region, diagnosis = journey_of(request)
    form = SirenForm(request.POST or None, initial=vouched_siren(request))
    if form.is_valid():
        target = reverse("solutions:open_account_person", args=[form.cleaned_data["siren"]])
        return redirect(f"{target}?{onward(region, diagnosis)}")
    return form_page(request, "solutions/open_account.html", first_step(request, region, diagnosis, form=form))


def first_step(request, region, diagnosis, **more):
    """What the first page shows: the SIREN, and a way to find it by name."""
    return {
        "form": SirenForm(initial=vouched_siren(request)),
        "finder": FindCompanyForm(auto_id="find_%s"),
        "region": region,
        "diagnosis": diagnosis,
        "onward": onward(region, diagnosis),
        "identity": waiting_identity(request),
    } | more


def vouched_siren(request):
    """The company that an identity provider named, where it did."""
    return {"siren": (waiting_identity(request) or {}).get("siren", "")}


@public
@limited("60/h", person="30/h")
def find_own_company(request):
    """For who has no SIREN at hand: companies of that name, as the register publishes them."""
    region, diagnosis = journey_of(request)
    if request.method != "POST":
        return redirect(f"{reverse('solutions:open_account')}?{onward(region, diagnosis)}")
    finder = FindCompanyForm(request.POST, auto_id="find_%s")
    found = queries.companies_named(**finder.cleaned_data) if finder.is_valid() else None
    context = first_step(request, region, diagnosis, finder=finder, found=found)
    return form_page(request, "solutions/open_account.html", context, form=finder)


@public
@limited("60/h", person="10/h")
def open_account_person(request, siren):
    """Who are you? The card of the company stays in sight."""
    region, diagnosis = journey_of(request)
    try:
        card = queries.register_card(find_register_unit(siren))
    except WrongSiren:
        return redirect(f"{reverse('solutions:open_account')}?{onward(region, diagnosis)}")
    form = person_form(request, card.name)
    if form.is_valid():
        return enter(request, siren, form, region, diagnosis)
    context = {
        "form": form,
        "card": card,
        "region": region,
        "diagnosis": diagnosis,
        "onward": onward(region, diagnosis),
    }
    return form_page(request, "solutions/open_account_person.html", context)


def person_form(request, company):
    """Somebody signed in only says the job; an identity provider has told name and address already."""
    if request.user.is_authenticated:
        return PurposesForm(request.POST or None)
    identity = waiting_identity(request) or {}
    initial = {name: identity.get(name, "") for name in ("email", "first_name", "last_name")}
    return PersonForm(request.POST or None, initial=initial, is_vouched=bool(identity), works_for=company)


def enter(request, siren, form, region, diagnosis):
    """Open or join, then show what comes next. That an address is taken, only the letter to it tells."""
    proof = {"page": request.path, "language": get_language() or "", "button": "open_account"}
    accepted = [purpose.pk for purpose in form.cleaned_data["accepted"]]
    if request.user.is_authenticated:
        actions.keep_legal_bases(user=request.user, accepted=accepted, proof=proof)
        actions.enter_company(
            siren=siren, user=request.user, region=region, diagnosis=diagnosis, job_title=form.cleaned_data["job_title"]
        )
        return redirect("solutions:account_opened")
    try:
        user = open_new(request, siren, form, region, diagnosis, accepted, proof)
    except accounts.EmailTaken:
        known = form.cleaned_data
        return accounts.answer_taken_address(
            request, email=known["email"], password=known.get("password", ""), go_on=request.get_full_path()
        )
    return accounts.sign_in(request, user, redirect_url=reverse("solutions:account_opened"))


@transaction.atomic
def open_new(request, siren, form, region, diagnosis, accepted, proof):
    """A new person; whoever an identity provider vouched for needs no code."""
    identity = waiting_identity(request)
    known = form.cleaned_data
    user = actions.open_company_account(
        siren=siren,
        email=identity["email"] if identity else known["email"],
        password=known.get("password") or None,
        first_name=known["first_name"],
        last_name=known["last_name"],
        language=get_language() or "fr",
        region=region,
        diagnosis=diagnosis,
        job_title=known["job_title"],
        accepted=accepted,
        proof=proof,
    )
    if identity:
        accounts.link_identity(user=user, identity=identity)
        del request.session["waiting_identity"]
    return user


@public
def account_opened(request):
    """The end of the opening: the company's space, or the wait for its manager's answer."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if request.user.is_company:
        return redirect("solutions_company:company_home")
    return render(request, "solutions/account_opened.html", {"join_request": queries.own_join_request(request.user)})


@require_GET
@requires("solutions.view_company_accounts")
def company_accounts(request):
    """Companies that opened their account: by whom it is held, who waits to be confirmed, what they did last."""
    return list_page(
        request,
        queries.opened_accounts(request.user),
        template="solutions/company_accounts.html",
        rows="solutions/_company_account_rows.html",
        sorts={"newest": ["-opened_at"], "oldest": ["opened_at"], "name": ["company__name"]},
        sort="newest",
        filters=AccountFilter,
    )


@require_GET
@requires("solutions.view_newcomers", on=Company, how="panel")
def newcomers(request, company):
    """Who acts for the company: a panel of its page; those nobody knows yet come with a button."""
    context = {
        "company": company,
        "holders": holders_of(company).select_related("user") if company.organisation_id else [],
        "may_confirm": request.user.has_perm("solutions.confirm_entry", company),
    }
    return fragment(request, "solutions/newcomers.html", "solutions/_newcomers.html", context)


@require_POST
@requires("solutions.confirm_entry", on=Company)
def confirm_entry(request, company):
    asked = request.POST.get("membership", "")
    membership = get_object_or_404(newcomers_of(company), pk=asked if asked.isdecimal() else 0)
    actions.confirm_entry(membership=membership, by=request.user)
    say(request, _("%(person)s now sees what the company did here before.") % {"person": membership.user})
    return redirect(company)
