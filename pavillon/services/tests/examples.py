"""What tests over all pages put in the addresses of this room."""

from decimal import Decimal

from django.utils import timezone

from pavillon.crm.models import Lead
from pavillon.crm.tests.factories import fresh
from pavillon.directory.models import Company
from pavillon.services import actions
from pavillon.services.models import Service, ServiceOrder, Survey
from pavillon.services.tests.factories import run_letters, service


def make_order(world):
    """Helene's chamber ordered for Claire's company what Lars of the partner delivers; Claire is asked about it."""
    return actions.order_service(
        company=world.example(Company), service=world.example(Service), lead=world.example(Lead), is_agreed=True,
        deliverer=fresh(world["lars"]), by=fresh(world["helene"]),
    )  # fmt: skip


def make_survey(world):
    """Of another order, delivered; sent to Claire."""
    sold = service(world["chamber"], name_fr="Salon", name_en="Fair", kind="fair", price=Decimal("900"))
    order = actions.order_service(
        company=world.example(Company), service=sold, is_agreed=True, by=fresh(world["helene"])
    )
    actions.deliver_order(order=order, delivered_on=timezone.localdate(order.proposed_at), by=fresh(world["helene"]))
    run_letters()
    return Survey.objects.get(order=order, kind="satisfaction")


EXAMPLES = {
    Service: lambda world: service(world["agency"]),
    ServiceOrder: make_order,
    Survey: make_survey,
}
ARGUMENTS = {"services:answer_survey": {"link": lambda world: world.example(Survey).link.split("/")[-2]}}
