"""Rules of unusual events and their dry runs."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say
from pavillon.vigilance import actions
from pavillon.vigilance.forms import KindForm, RehearsalForm, RuleForm
from pavillon.vigilance.kinds import KINDS
from pavillon.vigilance.models import Rehearsal, Rule
from pavillon.vigilance.queries.incidents import told_hits
from pavillon.vigilance.queries.rules import counted_rules


@require_GET
@requires("vigilance.read_rules")
def read_rules(request):
    rules = counted_rules(Rule.objects.visible_to(request.user))
    return render(request, "vigilance/read_rules.html", {"rules": rules, "form": KindForm()})


def _page(request, rule, form, dry_run):
    context = {
        "rule": rule,
        "form": form,
        "dry_run": dry_run,
        "versions": rule.versions.select_related("made_by", "rule")[:20],
        "rehearsals": Rehearsal.objects.visible_to(request.user).filter(rule=rule).select_related("asked_by")[:10],
    }
    return form_page(request, "vigilance/read_rule.html", context, form=dry_run if dry_run.is_bound else form)


@require_GET
@requires("vigilance.read_rule", on=Rule)
def read_rule(request, rule):
    return _page(request, rule, RuleForm(instance=rule), RehearsalForm(rule=rule))


@require_POST
@requires("vigilance.create_rule")
def create_rule(request):
    """A second rule of a kind begins switched off, with the figures of the product."""
    form = KindForm(request.POST)
    if not form.is_valid():
        return redirect("vigilance:read_rules")
    about = KINDS[form.cleaned_data["kind"]]
    rule = actions.create_rule(
        kind=form.cleaned_data["kind"], figures=about.filled({}), response=about.response, suspend_hours=72,
        is_on=False, reason=_("Beginning"), by=request.user,
    )  # fmt: skip
    say(request, _("The rule is written, and off: try it on last month before you switch it on."))
    return redirect(rule)


@require_POST
@requires("vigilance.change_rule", on=Rule)
def change_rule(request, rule):
    form = RuleForm(request.POST, instance=rule)
    if not form.is_valid():
        return _page(request, rule, form, RehearsalForm(rule=rule))
    actions.change_rule(rule=rule, **form.said, by=request.user)
    say(request, _("The rule holds from now on."))
    return redirect(rule)


@require_POST
@requires("vigilance.rehearse_rule", on=Rule)
def rehearse_rule(request, rule):
    form = RehearsalForm(request.POST, rule=rule)
    if not form.is_valid():
        return _page(request, rule, RuleForm(instance=rule), form)
    return redirect(actions.rehearse_rule(rule=rule, figures=form.cleaned_data, by=request.user))


@require_GET
@requires("vigilance.read_rehearsal", on=Rehearsal)
def read_rehearsal(request, rehearsal):
    """What the rule would have done; the page fetches the answer when the job has it."""
    context = {"rehearsal": rehearsal, "rule": rehearsal.rule, "hits": told_hits(rehearsal)}
    return fragment(request, "vigilance/read_rehearsal.html", "vigilance/_rehearsal.html", context)
