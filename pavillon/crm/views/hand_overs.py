from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.crm.models import HandOver
from pavillon.ui.exports import Column
from pavillon.ui.lists import list_page

COLUMNS = [
    Column(gettext_lazy("Reference"), lambda offer: offer.lead.reference),
    Column(gettext_lazy("Company"), lambda offer: str(offer.lead.company or offer.lead.company_name)),
    Column(gettext_lazy("Colleague"), lambda offer: str(offer.receiver)),
    Column(gettext_lazy("Step"), lambda offer: offer.lead.get_state_display()),
]


@require_GET
@requires("crm.view_hand_overs")
def hand_overs(request):
    """What one passed on to colleagues, what they answered, and what became of it."""
    sent = HandOver.objects.visible_to(request.user).sent_by(request.user)
    return list_page(
        request,
        sent,
        template="crm/hand_overs.html",
        rows="crm/_hand_over_rows.html",
        sorts={"newest": ["-asked_at"]},
        sort="newest",
        columns=COLUMNS,
        export_permission="crm.export_leads",
    )
