"""Campaigns of a chamber, of the agency and of the other region. Invented, and labelled."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pavillon.campaigns import actions
from pavillon.campaigns.models import Campaign
from pavillon.reference.models import Region

# (organisation, region, name, code, aim, shared, began so many days ago, lasts, costs)
CAMPAIGNS: list[tuple[Any, ...]] = [
    ("cci_bretagne", "53", "Appels d’automne", "APPELS-AUTOMNE",
     "Détecter les projets d’export des PME industrielles bretonnes.", False, 75, 120,
     [("phone", "Temps de la cellule d’appels", "5200", "4860.50"), ("mail", "Lettre d’annonce", "640", "640")]),
    ("cci_bretagne", "53", "Forum des métiers de la mer", "FORUM-MER",
     "Rencontrer les équipementiers sur un salon, puis les visiter.", False, 190, 60,
     [("show", "Stand et hôtesses", "8400", "8912.75"), ("visit", "Tournée des conseillers", "1500", "1120.20"),
      ("web", "Page et annonces", "900", None)]),
    ("agency", None, "Cap sur l’Allemagne", "CAP-ALLEMAGNE",
     "Une campagne nationale : site, réseaux sociaux et webinaires.", True, 320, 380,
     [("web", "Annonces et pages d’arrivée", "12000", "9340"), ("show", "Trois webinaires", "2400", "2400"),
      ("mail", "Quatre envois", "1800", "1765.40")]),
]  # fmt: skip


def seed(world: dict[str, Any]) -> None:
    """Each once; requests come to point to them in `crm.demo_campaigns`."""
    today = timezone.localdate()
    for place, region, name, code, aim, shared, ago, lasts, costs in CAMPAIGNS:
        if Campaign.objects.filter(code=code).exists():
            continue
        first = today - datetime.timedelta(days=ago)
        made = actions.create_campaign(
            name=f"{name} (démo)", code=code, aim=aim, organisation=world["organisations"][place], currency="EUR",
            region=Region.objects.filter(pk=region).first() if region else None, is_shared=shared, starts_on=first,
            ends_on=first + datetime.timedelta(days=lasts), by=None, is_demo=True,
        )  # fmt: skip
        for channel, label, planned, spent in costs:
            actions.add_campaign_cost(
                campaign=made, channel=channel, label=label, planned=Decimal(planned),
                spent=Decimal(spent) if spent else None, by=None,
            )  # fmt: skip
