"""Accounts at risk: their list, one mark, the panel of a company, the block of the desk, the rules."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pavillon.care import actions
from pavillon.care.forms.risks import EndRiskForm, LogCriticismForm, RiskFilter, RiskRulesForm
from pavillon.care.models import Criticism, RiskMark, RiskRules
from pavillon.care.queries.risks import (
    facts_of,
    marks_of,
    open_marks,
    proofs_for,
    risk_rules,
    rules_in_words,
    unmarked_criticisms,
)
from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

# On the desk.
FIRST = 6
# Criticisms that speak for no mark: on the panel, and on a page of the rest.
OF_A_PANEL, OF_A_PAGE = 5, 25
COLUMNS = [
    Column(gettext_lazy("Company"), lambda mark: str(mark.company)),
    Column(gettext_lazy("Risk"), lambda mark: mark.get_level_display()),
    Column(gettext_lazy("Since"), lambda mark: mark.raised_at),
    Column(gettext_lazy("Who keeps it"), lambda mark: str(mark.referent or "")),
    Column(gettext_lazy("Organisation"), lambda mark: str(mark.organisation or "")),
    Column(gettext_lazy("Region"), lambda mark: str(mark.region or "")),
    Column(gettext_lazy("To act before the end of"), lambda mark: mark.task.due_on if mark.task else None),
    Column(gettext_lazy("Ended"), lambda mark: mark.ended_at),
    Column(gettext_lazy("How it ended"), lambda mark: mark.get_end_display()),
]


@require_GET
@requires("care.view_risks")
def risks(request):
    """Open ones; high ones first, then those that wait longest."""
    return list_page(
        request,
        RiskMark.objects.visible_to(request.user).listed().with_names(),
        template="care/risks.html",
        rows="care/_risk_rows.html",
        sorts={"level": ["level", "raised_at"], "company": ["company__name"], "since": ["raised_at"]},
        sort="level",
        filters=RiskFilter,
        columns=COLUMNS,
        export_permission="care.export_risks",
    )


@require_GET
@requires("care.view_risks", how="panel")
def desk_risks(request):
    found = open_marks(request.user, limit=FIRST)
    if found:
        note_read(request.user, Company, how="panel", rows=len(found), ids=[mark.company_id for mark in found])
    return fragment(request, "care/risk_lines.html", "care/_desk_risks.html", {"marks": found})


@require_GET
@requires("care.view_company_risk", on=Company, how="panel")
def company_risk(request, company):
    """Whether the account is at risk, why, and who does what by when."""
    skip = _skipped(request.GET.get("skip", ""))
    marks = marks_of(company, request.user)
    mark = next((one for one in marks if one.is_open), None)
    context = {
        "company": company,
        "mark": mark,
        "facts": facts_of(mark, request.user) if mark else [],
        "past": [one for one in marks if not one.is_open],
        "unmarked": unmarked_criticisms(company, request.user, skip=skip, most=OF_A_PAGE if skip else OF_A_PANEL),
        "may_log": request.user.has_perm("care.log_criticism", company),
    }
    return fragment(request, "care/company_risk.html", "care/_company_risk.html", context)


def _skipped(asked):
    """How many newer criticisms stood on the pages before."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0


@require_GET
@requires("care.view_risk", on=RiskMark)
def view_risk(request, riskmark):
    return render(request, "care/view_risk.html", _context(request, riskmark))


def _context(request, mark, form=None):
    may_end = mark.is_open and not mark.company.is_merged and request.user.has_perm("care.end_risk", mark)
    facts = facts_of(mark, request.user)
    return {
        "mark": mark,
        "facts": facts,
        "may_correct": [
            fact.criticism.pk
            for fact in facts
            if fact.criticism and request.user.has_perm("care.correct_criticism", fact.criticism)
        ],
        "rules": rules_in_words(mark.rules or RiskRules()),
        "others": [one for one in marks_of(mark.company, request.user) if one.pk != mark.pk],
        "may_end": may_end,
        "has_proofs": may_end and proofs_for(mark, request.user).exists(),
        "end_form": form or (EndRiskForm(user=request.user, mark=mark) if may_end else None),
    }


@requires("care.end_risk", on=RiskMark)
def end_risk(request, riskmark):
    """The act, with its reason and its proof."""
    form = EndRiskForm(request.POST or None, user=request.user, mark=riskmark)
    if form.is_valid():
        try:
            actions.end_risk(mark=riskmark, by=request.user, **form.cleaned_data)
            say(request, _("The mark is ended, with its proof."))
            return redirect(riskmark)
        except actions.NoProof as error:
            form.add_error("proof", ValidationError(str(error)))
        except actions.RiskEnded as error:
            # The form is no longer on the page.
            form.add_error(None, str(error))
            riskmark.refresh_from_db()
    context = _context(request, riskmark, form) | {"form": form}
    return form_page(request, "care/view_risk.html", context)


@requires("care.log_criticism", on=Company)
def log_criticism(request, company):
    form = LogCriticismForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.log_criticism(company=company, by=request.user, **form.cleaned_data)
            say(request, _("The criticism is noted; the rules decided at once whether the account is at risk."))
            return redirect(company)
        except actions.CriticismKnown as error:
            form.add_error("url", ValidationError(str(error)))
    return form_page(request, "care/log_criticism.html", {"form": form, "company": company})


@requires("care.correct_criticism", on=Criticism)
def correct_criticism(request, criticism):
    """Noted with a wrong address, day or words: put right, with its trace."""
    kept = {name: getattr(criticism, name) for name in ("url", "said", "published_on")}
    form = LogCriticismForm(request.POST or None, user=request.user, row=criticism, initial=kept)
    if form.is_valid():
        try:
            actions.correct_criticism(criticism=criticism, by=request.user, **kept | form.cleaned_data)
            say(request, _("The criticism is corrected; what stood there before is kept in the trail."))
            return redirect(criticism.company)
        except actions.CriticismKnown as error:
            form.add_error("url", ValidationError(str(error)))
    context = {"form": form, "company": criticism.company, "criticism": criticism}
    return form_page(request, "care/log_criticism.html", context)


@require_GET
@requires("care.view_risk_rules")
def view_risk_rules(request):
    """The rules in words, and each version with its reason."""
    history = RiskRules.objects.visible_to(request.user).select_related("decided_by")[:20]
    context = {
        "sentences": rules_in_words(risk_rules()),
        "history": [(one, rules_in_words(one)) for one in history],
        "may_change": request.user.has_perm("care.change_risk_rules"),
    }
    return render(request, "care/view_risk_rules.html", context)


@requires("care.change_risk_rules")
def change_risk_rules(request):
    form = RiskRulesForm(request.POST or None, initial=vars(risk_rules()) | {"reason": ""})
    if form.is_valid():
        actions.change_risk_rules(by=request.user, **form.cleaned_data)
        say(request, _("The rules are changed; facts are weighed again within minutes. Marks that stand do not fall."))
        return redirect("care:view_risk_rules")
    return form_page(request, "care/change_risk_rules.html", {"form": form})
