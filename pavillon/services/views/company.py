"""What a company ordered, in its own space."""

from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.services.models import ServiceOrder
from pavillon.ui.lists import list_page

PER_PAGE = 20


@require_GET
@requires("services.view_my_services")
def my_services(request):
    """Newest first, with the step of each and the questions that wait for an answer."""
    return list_page(
        request,
        ServiceOrder.objects.visible_to(request.user).with_names().prefetch_related("surveys"),
        template="services/my_services.html",
        rows="services/_my_service_rows.html",
        sorts={"newest": ["-proposed_at"]},
        sort="newest",
        per_page=PER_PAGE,
    )
