"""What tests over all pages put in the addresses of this room."""

from datetime import date

from pavillon.directory.models import Source
from pavillon.intake import actions
from pavillon.intake.models import Delivery, Exchange, PublicInterface
from pavillon.privacy.enums import LegalBasis


def make_delivery(world):
    return actions.bring_delivery(
        source=world.example(Source),
        name="clients.csv",
        content=b"Raison sociale;Ville\nMaison Kermeur;Brest\n",
        observed_on=date(2026, 10, 1),
        legal_basis=LegalBasis.PUBLIC_TASK,
        by=world["helene"],
    )


def make_exchange(world):
    actions.lay_register()
    return Exchange.objects.first()


def make_interface(world):
    return actions.add_interface(
        by=world["helene"], name="Offres", provider="Service public", address="https://api.example/offres"
    )


EXAMPLES = {
    Delivery: make_delivery,
    Exchange: make_exchange,
    PublicInterface: make_interface,
}
