"""The catalogue of services and the sheet of one."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.policy import may_read
from pavillon.core.views import requires
from pavillon.services import actions
from pavillon.services.forms.catalogue import ServiceFilter, ServiceForm
from pavillon.services.models import ExportFlow, Service, ServiceOrder, Survey
from pavillon.services.permissions import keeps_whole_catalogue
from pavillon.services.queries.figures import service_figures
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

SORTS = {"name": ["name_fr"], "price": ["price"], "delay": ["delivery_days"]}


@require_GET
@requires("services.view_catalogue")
def catalogue(request):
    return list_page(
        request,
        Service.objects.visible_to(request.user).select_related("provider"),
        template="services/catalogue.html",
        rows="services/_service_rows.html",
        sorts=SORTS,
        sort="name",
        filters=ServiceFilter,
        notes_reading=False,
    )


@require_GET
@requires("services.view_service", on=Service)
def view_service(request, service):
    """Its sheet, what one may do with it, and how the companies judge it."""
    orders = ServiceOrder.objects.visible_to(request.user).filter(service=service)
    flows = ExportFlow.objects.visible_to(request.user).filter(survey__order__service=service)
    deeds = ("change_service", "retire_service", "restore_service")
    context = {
        "service": service,
        "figures": service_figures(orders, flows),
        "reads_score": may_read(request.user, Survey, "score"),
        "may": {deed: request.user.has_perm(f"services.{deed}", service) for deed in deeds},
    }
    return render(request, "services/view_service.html", context)


@requires("services.create_service")
def create_service(request):
    form = ServiceForm(request.POST or None, own=_own(request))
    if form.is_valid():
        try:
            service = actions.create_service(by=request.user, **form.cleaned_data)
            say(request, _("“%(name)s” is in the catalogue.") % {"name": service})
            return redirect(service)
        except actions.ServiceNamed as error:
            form.add_error("name_fr", ValidationError(str(error)))
    return form_page(request, "services/create_service.html", {"form": form})


@requires("services.change_service", on=Service)
def change_service(request, service):
    form = ServiceForm(request.POST or None, instance=service, own=_own(request))
    if form.is_valid():
        try:
            actions.change_service(service=service, by=request.user, **form.cleaned_data)
            say(request, _("The service is changed; what was ordered keeps its price."))
            return redirect(service)
        except actions.ServiceNamed as error:
            form.add_error("name_fr", ValidationError(str(error)))
    return form_page(request, "services/create_service.html", {"form": form, "service": service})


def _own(request):
    return None if keeps_whole_catalogue(request.user) else request.user.organisation


@require_POST
@requires("services.retire_service", on=Service)
def retire_service(request, service):
    actions.retire_service(service=service, by=request.user)
    say(request, _("“%(name)s” is no longer offered; its orders go on.") % {"name": service})
    return redirect(service)


@require_POST
@requires("services.restore_service", on=Service)
def restore_service(request, service):
    actions.restore_service(service=service, by=request.user)
    say(request, _("“%(name)s” can be ordered again.") % {"name": service})
    return redirect(service)
