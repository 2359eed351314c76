"""Qualified companies: the count of any day against its target, the checklist, and one company against it."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.qualified import ChecklistForm, DayForm, QualifiedTargetForm
from pavillon.crm.models import QualificationChecklist, QualifiedTarget
from pavillon.crm.queries.qualified import checklist_on, curve_of, qualified_on, standing_of
from pavillon.directory.models import Company
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("crm.view_qualified")
def view_qualified(request):
    form, day = DayForm.read(request.GET)
    history = QualificationChecklist.objects.visible_to(request.user).select_related("decided_by")[:10]
    context = {"form": form, "answer": qualified_on(day), "curve": curve_of(day), "history": history}
    return render(request, "crm/view_qualified.html", context)


@require_GET
@requires("crm.view_qualification", on=Company, how="panel")
def view_qualification(request, company):
    """What a company meets and lacks of the checklist."""
    return render(request, "crm/_qualification_panel.html", {"standing": standing_of(company)})


@requires("crm.change_checklist")
def change_checklist(request):
    present = checklist_on(timezone.localdate())
    initial = {"fields_known": present.fields, "interview_months": present.interview_months}
    initial["needs_project"] = present.needs_project
    form = ChecklistForm(request.POST or None, initial=initial)
    if form.is_valid():
        data = dict(form.cleaned_data)
        actions.change_checklist(fields=data.pop("fields_known"), by=request.user, **data)
        say(request, _("The checklist holds from today on; the count follows within minutes."))
        return redirect("crm:view_qualified")
    return form_page(request, "crm/change_checklist.html", {"form": form})


@requires("crm.set_qualified_target")
def set_qualified_target(request):
    form = QualifiedTargetForm(request.POST or None)
    if form.is_valid():
        actions.set_qualified_target(by=request.user, **form.cleaned_data)
        say(request, _("The target is set."))
        return redirect("crm:set_qualified_target")
    targets = QualifiedTarget.objects.visible_to(request.user)
    return form_page(request, "crm/set_qualified_target.html", {"form": form, "targets": targets})
