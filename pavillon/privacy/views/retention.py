"""Rules of retention, what they concern now, and what each application did."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.privacy import actions, queries
from pavillon.privacy.certificates import certificate_pdf
from pavillon.privacy.forms import RetentionRuleForm, WordsForm
from pavillon.privacy.models import RetentionRule, RetentionRun
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("privacy.view_retention")
def retention_rules(request):
    rules = RetentionRule.objects.visible_to(request.user)
    runs = RetentionRun.objects.visible_to(request.user).select_related("rule")[:50]
    return render(request, "privacy/retention_rules.html", {"rules": queries.told_rules(rules), "runs": runs})


@require_GET
@requires("privacy.view_retention", on=RetentionRule)
def retention_rule(request, retentionrule):
    """The rule, what it would take tonight, what it took before."""
    context = {"rule": retentionrule, "told": queries.told_rules([retentionrule])[0]}
    context["count"], context["sample"] = queries.sample_over(retentionrule)
    context["limit"] = queries.limit_of(retentionrule)
    context["runs"] = RetentionRun.objects.visible_to(request.user).filter(rule=retentionrule)[:20]
    return render(request, "privacy/retention_rule.html", context)


@requires("privacy.change_retention", on=RetentionRule)
def change_retention_rule(request, retentionrule):
    form = RetentionRuleForm(request.POST or None, instance=retentionrule)
    if form.is_valid():
        actions.change_retention_rule(rule=retentionrule, by=request.user, **form.cleaned_data)
        say(request, _("The rule is changed."))
        return redirect(retentionrule)
    told = queries.told_rules([retentionrule])[0]
    return form_page(request, "privacy/change_retention_rule.html", {"form": form, "rule": retentionrule, "told": told})


@require_POST
@requires("privacy.change_retention", on=RetentionRule)
def list_rows(request, retentionrule):
    """List now, instead of tonight."""
    run = actions.list_rows(rule=retentionrule, by=request.user)
    say(request, _("The list is made.") if run else _("No row has had its time, or a list is waiting already."))
    return redirect(run or retentionrule)


@require_GET
@requires("privacy.view_retention", on=RetentionRun)
def retention_run(request, retentionrun):
    told = queries.told_rules([retentionrun.rule])[0]
    return render(request, "privacy/retention_run.html", {"run": retentionrun, "told": told, "words": WordsForm()})


@require_POST
@requires("privacy.change_retention", on=RetentionRun)
def stop_run(request, retentionrun):
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            actions.stop_run(run=retentionrun, reason=form.cleaned_data["words"][:300], by=request.user)
            say(request, _("The rows are left alone this time."))
        except actions.WrongState:
            say(request, _("This was done or stopped already."))
        return redirect(retentionrun)
    told = queries.told_rules([retentionrun.rule])[0]
    context = {"run": retentionrun, "told": told, "words": form}
    return form_page(request, "privacy/retention_run.html", context, form=form)


@require_GET
@requires("privacy.view_retention", on=RetentionRun, how="document")
def certificate(request, retentionrun):
    response = HttpResponse(certificate_pdf(retentionrun), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{retentionrun.reference}.pdf"'
    return response
