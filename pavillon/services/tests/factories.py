"""The rows that tests of this room stand on."""

from decimal import Decimal

from procrastinate.contrib.django.models import ProcrastinateJob

from pavillon.crm.tests import factories as crm
from pavillon.crm.tests.factories import fresh
from pavillon.services import actions, tasks
from tests.remembered import remembered


@remembered
def stage():
    """The cast of `crm`, with a VIE of the agency and a training of the chamber in the catalogue."""
    cast = crm.stage()
    cast.vie = service(cast.agency)
    cast.training = service(
        cast.chamber, kind="training", name_fr="Atelier étiquetage", name_en="Labelling workshop",
        price=Decimal("350.50"), unit="whole", vat="exempt", delivery_days=20,
    )  # fmt: skip
    return cast


def service(provider, **more):
    values = {
        "kind": "vie", "name_fr": "V.I.E dans votre filiale", "name_en": "VIE in your subsidiary",
        "about_fr": "Un jeune talent.", "about_en": "A young talent.", "price": Decimal("2400.00"), "unit": "month",
        "currency": "EUR", "vat": "standard", "delivery_days": 90,
    }  # fmt: skip
    return actions.create_service(provider=provider, by=None, **{**values, **more})


def ordered(cast, what=None, company=None, by=None, **more):
    """A service that a company ordered through Nour."""
    return actions.order_service(
        company=company or cast.atelier,
        service=what or cast.training,
        by=fresh(by or cast.nour),
        is_agreed=True,
        **more,
    )


def run_letters():
    """Let the worker send what waits; a letter that left is not sent again."""
    for job in ProcrastinateJob.objects.filter(task_name="services.send_survey").order_by("pk"):
        tasks.send_survey(**job.args)
