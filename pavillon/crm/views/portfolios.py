"""What the portfolios of the two networks of advisers hold."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.crm.forms.portfolios import RegionForm
from pavillon.crm.queries.portfolios import portfolios_of


@require_GET
@requires("crm.view_portfolios")
def view_portfolios(request):
    """Each indicator by network, the columns adding up to the total, with the list behind it."""
    form, region = RegionForm.read(request.GET)
    context = {"form": form, "region": region, "portfolios": portfolios_of(request.user, region.pk if region else "")}
    return render(request, "crm/view_portfolios.html", context)
