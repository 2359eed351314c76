"""Capacities and intentions: the panel of a company, its evolution, a new assessment, the company's own page."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pavillon.care import actions
from pavillon.care.enums import CAPACITY_WORDS
from pavillon.care.forms.assessments import AssessCompanyForm, TellPlansForm
from pavillon.care.models import Assessment
from pavillon.care.queries.assessments import (
    MOST,
    count_assessments,
    evolution_chart,
    first_guess,
    named,
    steps_of,
)
from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.ui import exports
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say

COLUMNS = [
    Column(gettext_lazy("Company"), lambda one: str(one.company)),
    Column(gettext_lazy("On"), lambda one: one.assessed_on),
    Column(gettext_lazy("Export capacity"), lambda one: one.capacity),
    Column(gettext_lazy("Intention"), lambda one: one.get_intention_display()),
    Column(gettext_lazy("Horizon"), lambda one: one.get_horizon_display()),
    Column(gettext_lazy("Target countries"), lambda one: named(one.countries.all())),
    Column(gettext_lazy("Who says it"), lambda one: one.get_source_display()),
    Column(gettext_lazy("Author"), lambda one: str(one.author or "")),
]


@require_GET
@requires("care.view_assessments", on=Company, how="panel")
def company_assessments(request, company):
    """What was said last, and which way it went: a panel of the company's page."""
    steps = steps_of(company, request.user)
    context = {
        "company": company,
        "step": steps[0] if steps else None,
        # A diagnosis tells no intention: that of before stands.
        "plans": next((step for step in steps if step.assessment.intention), None),
        "count": len(steps) if len(steps) < MOST else count_assessments(company, request.user),
    }
    context["may_assess"] = request.user.has_perm("care.assess_company", company)
    return fragment(request, "care/company_assessments.html", "care/_company_assessments.html", context)


@require_GET
@requires("care.view_assessments", on=Company)
def view_evolution(request, company):
    """All assessments of a company, each beside the one before; a line over time; a file."""
    may_export = request.user.has_perm("care.export_assessments")
    if may_export and request.GET.get("format") in exports.FORMATS:
        rows = Assessment.objects.visible_to(request.user).filter(company=company)
        rows = rows.select_related("company", "author").prefetch_related("countries").order_by("-assessed_on", "-pk")
        return exports.answer(request, rows, COLUMNS, "assessments")
    steps = steps_of(company, request.user)
    context = {
        "company": company,
        "steps": steps,
        "left_off": count_assessments(company, request.user) - MOST if len(steps) == MOST else 0,
        "chart": evolution_chart(steps),
        "levels": [(level.value, level.label, words) for level, words in CAPACITY_WORDS.items()],
        "exports": exports.FORMATS.items() if may_export and steps else (),
        "may_assess": request.user.has_perm("care.assess_company", company),
    }
    return render(request, "care/view_evolution.html", context)


@requires("care.assess_company", on=Company)
def assess_company(request, company):
    """Begins with what was said last, so that only what changed is written."""
    form = AssessCompanyForm(request.POST or None, user=request.user, initial=first_guess(company, request.user))
    if form.is_valid():
        try:
            actions.assess_company(company=company, by=request.user, **form.cleaned_data)
            say(request, _("It is noted, beside what was said before."))
            return redirect("care:view_evolution", company=company.pk)
        except actions.NotYetAssessed as error:
            form.add_error("assessed_on", ValidationError(str(error)))
    return form_page(request, "care/assess_company.html", {"form": form, "company": company})


@requires("care.tell_plans")
def my_plans(request):
    """The company says it itself, and reads what it said before."""
    company = Company.objects.visible_to(request.user).filter(organisation=request.user.organisation).first()
    if company is None:
        return render(request, "care/my_plans.html", {"company": None, "steps": []})
    form = TellPlansForm(request.POST or None, user=request.user, initial=first_guess(company, request.user))
    if form.is_valid():
        actions.assess_company(company=company, by=request.user, **form.cleaned_data)
        say(request, _("Thank you: your adviser reads it."))
        return redirect("care_company:my_plans")
    steps = steps_of(company, request.user)
    context = {"form": form, "company": company, "steps": steps, "chart": evolution_chart(steps)}
    return form_page(request, "care/my_plans.html", context)
