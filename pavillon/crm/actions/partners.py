"""A private partner receives a request only with the agreement of whoever asked; taken back, his access is closed."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify
from pavillon.core.changes import snapshot
from pavillon.core.wall import house
from pavillon.crm.actions.leads import locked_lead, save_step
from pavillon.crm.actions.missions import stop_missions
from pavillon.crm.actions.telling import wake_lead
from pavillon.crm.enums import Step
from pavillon.crm.models import HandOver, Lead


@house()
@transaction.atomic
def close_partner_access(*, scope: str) -> None:
    """The consent to a transfer ended: the partner loses the request, is told, and nothing more leaves."""
    parts = scope.split(":")
    if len(parts) != 4 or parts[0] != "organisation" or parts[2] != "lead":
        return
    team = Organisation.objects.filter(pk=parts[1]).first()
    lead = Lead.objects.filter(pk=parts[3]).first()
    if team is None or lead is None:
        return
    lead = locked_lead(lead)
    offers = HandOver.objects.select_for_update(of=("self",)).filter(lead=lead, team=team)
    told: set[User | None] = {offer.receiver for offer in offers.select_related("receiver")}
    last = offers.select_related("sender").filter(is_accepted=True).order_by("answered_at").last()
    for offer in offers.filter(answered_at__isnull=True):
        offer.answered_at, offer.is_accepted = timezone.now(), False
        offer.answer = _("The company took its consent back.")
        offer.save()
    if lead.team_id == team.pk and last is not None:
        before, holder = snapshot(lead), lead.adviser
        lead.adviser, lead.team = last.sender, last.sender.organisation
        reason = {"code": "consent_withdrawn", "partner": team.name}
        lead.routing = [*lead.routing, reason]
        stop_missions(lead=lead, by=None)
        save_step(lead, before, Step.RETURNED, "crm.partner_access_closed", by=None, note=team.name)
        told |= {holder, last.sender}
        wake_lead(lead, also=[holder, last.sender])
    notify(
        [person for person in told if person is not None],
        "crm.hand_over",
        title=format_lazy(gettext_lazy("The company took its consent back: {subject}"), subject=lead.lazy_title),
        body=gettext_lazy(
            "The request no longer goes to the partner. What he received is to be erased; nothing more leaves."
        ),
    )
