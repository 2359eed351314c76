"""Figures of request handling, workload, absences."""

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.routing import AbsenceForm, CapacityForm, GiveOnForm, LeadSettingsForm
from pavillon.crm.models import Absence, SharedTask
from pavillon.crm.queries.left import MOST, PEOPLE, Left, is_cut, left_for_steward, left_in
from pavillon.crm.queries.workload import present_settings, shares_of, workload_of
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("crm.change_lead_settings")
def change_lead_settings(request):
    form = LeadSettingsForm(request.POST or None, instance=present_settings())
    if form.is_valid():
        actions.change_lead_settings(by=request.user, **form.cleaned_data)
        say(request, _("The new figures apply to the next request."))
        return redirect("crm:routing_rules")
    return form_page(request, "crm/change_lead_settings.html", {"form": form})


@require_GET
@requires("crm.view_workload")
def view_workload(request):
    people = User.objects.visible_to(request.user)
    lines = workload_of(people, request.user)
    context = {"lines": lines, "shares": shares_of(lines), "left": []}
    context["reads_what"] = may_read(request.user, SharedTask, "what")
    if request.user.organisation:
        context |= _shown(left_in(request.user.organisation, request.user))
    return render(request, "crm/view_workload.html", context)


@require_GET
@requires("crm.view_left")
def view_left(request):
    """An administrator learns how much there is, and of whom; not what it says."""
    people, left = left_for_steward(request.user)
    return render(request, "crm/view_left.html", {"people": people} | _shown(left))


def _shown(left: list[Left]) -> dict[str, Any]:
    return {"left": left[:PEOPLE], "more": left[PEOPLE:], "cut_at": MOST if is_cut(left) else 0}


@require_POST
@requires("crm.give_on_left", on=User)
def give_on_left(request, user):
    """What somebody leaves goes to a colleague who may read it."""
    form = GiveOnForm(request.POST, user=request.user)
    back = "crm:view_workload" if request.user.has_perm("crm.view_workload") else "crm:view_left"
    if not form.is_valid():
        say(request, _("Choose an adviser of your organisation."))
        return redirect(back)
    to = form.cleaned_data["adviser"]
    went, refused = actions.give_on_left(person=user, to=to, by=request.user)
    said = _("Given to %(person)s: %(n)s.") % {"person": to, "n": went}
    say(request, f"{said} {_('Not open to this person: %(n)s.') % {'n': refused}}" if refused else said)
    return redirect(back)


@requires("crm.change_capacity", on=User)
def change_capacity(request, user):
    row = getattr(user, "lead_capacity", None)
    form = CapacityForm(request.POST or None, instance=row)
    if form.is_valid():
        actions.change_capacity(adviser=user, open_leads=form.cleaned_data["open_leads"], by=request.user)
        say(request, _("The capacity of %(person)s was changed.") % {"person": user})
        return redirect("crm:view_workload")
    return form_page(request, "crm/change_capacity.html", {"form": form, "person": user})


@requires("crm.view_workload")
def plan_absence(request):
    form = AbsenceForm(request.POST or None, user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.plan_absence(
                person=data["person"], starts_on=data["starts_on"], ends_on=data["ends_on"], by=request.user
            )
        except actions.AbsenceOverlaps as error:
            form.add_error("starts_on", ValidationError(str(error)))
        else:
            say(request, _("%(person)s receives no new request on these days.") % {"person": data["person"]})
            return redirect("crm:view_workload")
    return form_page(request, "crm/plan_absence.html", {"form": form})


@require_POST
@requires("crm.cancel_absence", on=Absence)
def cancel_absence(request, absence):
    actions.cancel_absence(absence=absence, by=request.user)
    say(request, _("The absence was cancelled."))
    return redirect("crm:view_workload")
