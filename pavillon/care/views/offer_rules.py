"""Rules of offers: what each recommends, to whom, and how companies answered it."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.care import actions
from pavillon.care.forms.offers import OfferRuleForm
from pavillon.care.models import OfferRule
from pavillon.care.queries.recommending import worth_of_offer_rules
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

# More rules than anybody reads.
MOST = 300


@require_GET
@requires("care.view_offer_rules")
def offer_rules(request):
    rules = list(OfferRule.objects.visible_to(request.user).in_force().with_names()[:MOST])
    context = {
        "worth": worth_of_offer_rules(request.user, rules),
        "may_create": request.user.has_perm("care.create_offer_rule"),
    }
    return render(request, "care/offer_rules.html", context)


@requires("care.create_offer_rule")
def create_offer_rule(request):
    form = OfferRuleForm(request.POST or None, user=request.user)
    if form.is_valid():
        actions.create_offer_rule(by=request.user, **form.cleaned_data)
        say(request, _("The rule recommends from now on; offers that are drafted keep their lines."))
        return redirect("care:offer_rules")
    return form_page(request, "care/write_offer_rule.html", {"form": form})


@requires("care.change_offer_rule", on=OfferRule)
def change_offer_rule(request, offerrule):
    """A new version, with its reason; the versions before stand below."""
    told = {**OfferRuleForm(user=request.user, instance=offerrule).initial, "reason": ""}
    form = OfferRuleForm(request.POST or None, user=request.user, initial=told)
    if form.is_valid():
        try:
            actions.change_offer_rule(rule=offerrule, by=request.user, **form.cleaned_data)
            say(request, _("The rule has a new version; offers that are drafted keep their lines."))
            return redirect("care:offer_rules")
        except actions.RuleEnded as error:
            form.add_error(None, str(error))
    versions = OfferRule.objects.visible_to(request.user).filter(number=offerrule.number).with_names().order_by("-pk")
    return form_page(request, "care/write_offer_rule.html", {"form": form, "rule": offerrule, "versions": versions})


@require_POST
@requires("care.change_offer_rule", on=OfferRule)
def end_offer_rule(request, offerrule):
    try:
        actions.end_offer_rule(rule=offerrule, by=request.user)
        say(request, _("The rule recommends nothing more."))
    except actions.RuleEnded as error:
        say(request, str(error))
    return redirect("care:offer_rules")
