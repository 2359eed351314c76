"""What tests over all pages put in the addresses of this room."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

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


def make_file(content):
    return SimpleUploadedFile("clients.csv", content)


CALLS = {
    "POST intake/deliveries": {
        "form": lambda world: {
            "file": make_file(b"Raison sociale;Ville\nMaison Riou;Brest\n"),
            "source": world.example(Source).code,
            "observed_on": "2026-10-02",
            "legal_basis": "public_task",
        }
    },
    "POST intake/signals/{feed}": {
        "path": {"feed": "patents"},
        "form": lambda world: {"file": make_file(b"siren\n"), "observed_on": "2026-10-02"},
    },
}
EXAMPLES = {
    Delivery: make_delivery,
    Exchange: make_exchange,
    PublicInterface: make_interface,
}
