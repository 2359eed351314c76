"""A regional council's site, registered and agreed to: invented, like all of the demonstration."""

from typing import Any

from django.db import transaction

from pavillon.federation import actions
from pavillon.federation.models import Site

NAME = "Bretagne Export Aides"


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    if Site.objects.filter(name=NAME).exists():
        return
    site, _secret = actions.create_site(
        name=NAME,
        organisation=world["organisations"]["region_bretagne"],
        address="https://aides.region-bretagne.example/",
        purpose_fr="Ouvrir et suivre votre dossier d’aide à l’export auprès de la Région.",
        purpose_en="Open and follow your file for export aid with the Region.",
        data=["profile", "email", "company"],
        redirect_uris=["https://aides.region-bretagne.example/oidc/retour"],
        leaving_uris=["https://aides.region-bretagne.example/"],
        by=world["users"]["admin"],
    )
    manager = world["users"].get("claire_demo")
    if manager:
        actions.allow_site(
            site=site, by=manager, data=site.data, proof={"page": "/identity/authorize", "button": "yes"}
        )
        actions.enter_site(site=site, user=manager)
