"""How soon requests are taken in charge."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.crm.forms.channels import PeriodForm
from pavillon.crm.models import Lead
from pavillon.crm.queries.delays import delays_of, received_between


@require_GET
@requires("crm.view_delays")
def view_delays(request):
    """Rate and median delay per team, region and adviser, over a period."""
    form, since, until = PeriodForm.read(request.GET)
    leads = received_between(Lead.objects.visible_to(request.user), since, until)
    context = {"form": form, "since": since, "until": until, "delays": delays_of(leads)}
    return render(request, "crm/view_delays.html", context)
