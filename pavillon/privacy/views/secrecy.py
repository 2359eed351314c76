"""Who may open legally secret data."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.privacy import actions, queries
from pavillon.privacy.forms import ClearanceForm
from pavillon.privacy.models import Clearance
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("privacy.view_clearances")
def clearances(request):
    rows = Clearance.objects.visible_to(request.user).select_related("user", "purpose__restricted_class", "granted_by")
    return render(request, "privacy/clearances.html", {"clearances": rows, "classes": queries.restricted_classes()})


@requires("privacy.grant_clearance")
def grant_clearance(request):
    form = ClearanceForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant_clearance(
                user=data["person"], purpose=data["purpose"], reference=data["reference"], ends_on=data["ends_on"],
                by=request.user,
            )  # fmt: skip
            say(request, _("The clearance is in force."))
            return redirect("privacy_team:clearances")
        except actions.TooLong as error:
            form.add_error("ends_on", str(error))
    return form_page(request, "privacy/grant_clearance.html", {"form": form})


@require_POST
@requires("privacy.end_clearance", on=Clearance)
def end_clearance(request, clearance):
    actions.end_clearance(clearance=clearance, by=request.user)
    say(request, _("The clearance is ended."))
    return redirect("privacy_team:clearances")
