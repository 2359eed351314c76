"""By which rules requests find their person: read, prepare, try out, put into force."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.routing import ActivateDraftForm, RoutingRuleForm, StartDraftForm
from pavillon.crm.models import RoutingRule, RoutingSimulation, RoutingVersion
from pavillon.crm.queries.routing_rules import overview_of, page_of_simulation, page_of_version
from pavillon.crm.queries.workload import present_settings
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say


@require_GET
@requires("crm.view_routing_rules")
def routing_rules(request):
    context = {**overview_of(request.user), "settings": present_settings()}
    return render(request, "crm/routing_rules.html", context)


@requires("crm.start_routing_draft")
def start_routing_draft(request):
    form = StartDraftForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            draft = actions.start_routing_draft(region=form.cleaned_data["region"], by=request.user)
        except actions.DraftStands as error:
            form.add_error("region", ValidationError(str(error)))
        else:
            return redirect("crm:routing_version", draft.pk)
    drafts = RoutingVersion.objects.visible_to(request.user).drafts()
    return form_page(request, "crm/start_routing_draft.html", {"form": form, "drafts": drafts})


@require_POST
@requires("crm.restore_routing_version", on=RoutingVersion)
def restore_routing_version(request, routingversion):
    """A draft that begins with the rules of an earlier version."""
    try:
        draft = actions.start_routing_draft(region=routingversion.region, based_on=routingversion, by=request.user)
    except actions.DraftStands as error:
        messages.warning(request, str(error))
        return redirect("crm:routing_version", routingversion.pk)
    say(request, _("These rules are the draft now: nothing changes before it is put into force."))
    return redirect("crm:routing_version", draft.pk)


@require_GET
@requires("crm.view_routing_version", on=RoutingVersion)
def routing_version(request, routingversion):
    context = {**page_of_version(request.user, routingversion), "form": ActivateDraftForm()}
    return render(request, "crm/routing_version.html", context)


@require_POST
@requires("crm.activate_routing_draft", on=RoutingVersion)
def activate_routing_draft(request, routingversion):
    form = ActivateDraftForm(request.POST)
    if form.is_valid():
        try:
            version = actions.activate_routing_draft(version=routingversion, by=request.user, **form.cleaned_data)
        except actions.NotADraft as error:
            messages.warning(request, str(error))
        else:
            say(request, _("%(version)s applies to the next request.") % {"version": version})
        return redirect("crm:routing_rules")
    return form_page(
        request, "crm/routing_version.html", {**page_of_version(request.user, routingversion), "form": form}
    )


@require_POST
@requires("crm.discard_routing_draft", on=RoutingVersion)
def discard_routing_draft(request, routingversion):
    try:
        actions.discard_routing_draft(version=routingversion, by=request.user)
    except actions.NotADraft as error:
        messages.warning(request, str(error))
    else:
        say(request, _("The draft was thrown away; the rules in force stay."))
    return redirect("crm:routing_rules")


@requires("crm.create_routing_rule", on=RoutingVersion)
def create_routing_rule(request, routingversion):
    form = RoutingRuleForm(request.POST or None, user=request.user, version=routingversion)
    if form.is_valid():
        return _kept(
            request,
            routingversion,
            lambda: actions.create_routing_rule(version=routingversion, by=request.user, **form.told),
        )
    return form_page(request, "crm/create_routing_rule.html", {"form": form, "version": routingversion})


@requires("crm.change_routing_rule", on=RoutingRule)
def change_routing_rule(request, routingrule):
    version = routingrule.version
    form = RoutingRuleForm(request.POST or None, instance=routingrule, user=request.user, version=version)
    if form.is_valid():
        return _kept(
            request,
            version,
            lambda: actions.change_routing_rule(rule=routingrule, by=request.user, **form.told),
        )
    return form_page(request, "crm/change_routing_rule.html", {"form": form, "rule": routingrule, "version": version})


@require_POST
@requires("crm.move_routing_rule", on=RoutingRule)
def move_routing_rule(request, routingrule):
    up = request.POST.get("to") == "up"
    return _kept(
        request,
        routingrule.version,
        lambda: actions.move_routing_rule(rule=routingrule, up=up, by=request.user),
        anchor=f"#rule-{routingrule.pk}",
    )


@require_POST
@requires("crm.delete_routing_rule", on=RoutingRule)
def delete_routing_rule(request, routingrule):
    version = routingrule.version
    return _kept(request, version, lambda: actions.delete_routing_rule(rule=routingrule, by=request.user))


def _kept(request, version, change, anchor=""):
    """Change a draft and go back to it; what is no draft any more, or was deleted meanwhile, says so."""
    try:
        change()
    except (actions.LastResortStays, actions.NotADraft, actions.RuleGone) as error:
        messages.warning(request, str(error))
        # The draft itself may be gone.
        if not RoutingVersion.objects.visible_to(request.user).filter(pk=version.pk).exists():
            return redirect("crm:routing_rules")
    return redirect(f"{version.get_absolute_url()}{anchor}")


@require_POST
@requires("crm.simulate_routing")
def simulate_routing(request):
    """Route the requests of the last thirty days again, by the rules of now; nothing about them is written."""
    return redirect(actions.simulate_routing(by=request.user))


@require_POST
@requires("crm.simulate_routing_draft", on=RoutingVersion)
def simulate_routing_draft(request, routingversion):
    """The same by the draft, beside the rules in force and what happened."""
    return redirect(actions.simulate_routing(draft=routingversion, by=request.user))


@require_GET
@requires("crm.view_routing_simulation", on=RoutingSimulation)
def routing_simulation(request, routingsimulation):
    """The answer, kept; how far it is as long as a worker is at it."""
    context = page_of_simulation(request.user, routingsimulation)
    return fragment(request, "crm/routing_simulation.html", "crm/_routing_simulation.html", context)
