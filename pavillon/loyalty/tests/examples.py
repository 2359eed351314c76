"""What tests over all pages put in the addresses of this room."""

from pavillon.directory.models import Company
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.loyalty.tests.factories import programme

EXAMPLES = {
    Programme: lambda world: programme(world["chamber"], world["bruno"], min_services=0),
    Enrolment: lambda world: Enrolment.objects.create(
        programme=world.example(Programme), company=world.example(Company), enrolled_by=world["bruno"]
    ),
}
