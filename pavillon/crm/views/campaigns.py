"""On the page of a campaign: the requests that name it and do not point to it yet."""

from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from pavillon.campaigns.models import Campaign
from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.queries.campaigns import naming
from pavillon.ui.htmx import fragment
from pavillon.ui.messages import say
from pavillon.ui.words import number

# Requests that are shown by name.
SHOWN = 5


@require_GET
@requires("crm.view_campaign_requests", on=Campaign, how="panel")
def campaign_requests(request, campaign):
    """A panel: how many, the newest of them, and the button for managers."""
    touches = naming(campaign, request.user)
    newest = touches.order_by("-touched_at", "-pk").select_related("lead__company")
    context = {
        "campaign": campaign,
        "count": touches.count(),
        "touches": list(newest[:SHOWN]),
        "may_adopt": request.user.has_perm("crm.adopt_requests", campaign),
    }
    return fragment(request, "crm/campaign_requests.html", "crm/_campaign_requests.html", context)


@require_POST
@requires("crm.adopt_requests", on=Campaign)
def adopt_requests(request, campaign):
    count = actions.adopt_requests(campaign=campaign, by=request.user)
    said = ngettext("%(n)s request points to the campaign now.", "%(n)s requests point to the campaign now.", count)
    say(request, said % {"n": number(count)})
    return redirect(campaign)
