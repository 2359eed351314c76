"""A request of the demonstration that goes to the partner in Germany, with the company's agreement: its mission runs."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm import actions
from pavillon.crm.models import Lead, Mission
from pavillon.crm.queries.partners import PURPOSE, scope_of
from pavillon.privacy.actions import give_consent
from pavillon.privacy.enums import LegalBasis
from pavillon.privacy.models import Purpose
from pavillon.privacy.queries import person_key
from pavillon.reference.models import Country

SUBJECT = "Rencontrer trois concessionnaires en Bavière"
MESSAGE = "Nos semoirs intéressent deux coopératives ; il nous faut des relais pour le service après-vente."
NEED = "Trois rendez-vous avec des concessionnaires qui assurent le service après-vente"


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Asked by Marc, agreed, handed over to Lars, due in three weeks. Without purposes of consent nothing leaves."""
    marc, lars = world["users"].get("marc"), world["users"].get("lars")
    is_asked = Purpose.objects.filter(pk=PURPOSE, current__isnull=False).exists()
    if marc is None or lars is None or not is_asked or Mission.objects.exists():
        return
    lead = actions.receive_lead(
        company=world["companies"]["marc"],
        origin="site",
        kind="mission",
        subject=SUBJECT,
        message=MESSAGE,
        country=Country.objects.filter(pk="DE").first(),
        legal_basis=LegalBasis.PUBLIC_TASK,
        requested_by=marc,
        by=marc,
    )
    if lead.adviser is not None:
        _transmit(lead, lead.adviser, marc, lars, world["organisations"]["partner"])


def _transmit(lead: Lead, adviser: User, marc: User, lars: User, partner: Any) -> None:
    actions.take_charge(lead=lead, by=adviser)
    give_consent(
        purpose=PURPOSE,
        person_key=person_key(marc),
        user=marc,
        scope=scope_of(lead, partner),
        proof={"recipient": partner.name, "page": "/my/consents/", "language": marc.language},
    )
    offer = actions.hand_over_lead(
        lead=Lead.objects.get(pk=lead.pk),
        to=lars,
        team=partner,
        note="L’entreprise est d’accord pour que le partenaire la contacte.",
        need=NEED,
        by=adviser,
    )
    actions.accept_hand_over(hand_over=offer, by=lars)
    due_on = timezone.localdate() + datetime.timedelta(days=21)
    actions.change_mission(mission=Mission.objects.get(), what=NEED, due_on=due_on, by=adviser)
