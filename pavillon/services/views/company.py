"""What a company ordered, in its own space."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.services.models import ServiceOrder


@require_GET
@requires("services.view_my_services")
def my_services(request):
    """Newest first, with the step of each and the questions that wait for an answer."""
    rows = ServiceOrder.objects.visible_to(request.user).with_names().prefetch_related("surveys")[:100]
    return render(request, "services/my_services.html", {"orders": rows})
