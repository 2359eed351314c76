"""Two loyalty programmes of the demonstration, with their companies and a first discount; invented, and labelled."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.directory.criteria import read_rule
from pavillon.directory.models import Company
from pavillon.loyalty import actions
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.segments import actions as segments
from pavillon.segments.models import Segment
from pavillon.services import actions as services
from pavillon.services.models import Service, ServiceOrder

# (organisation, who decides there, region of the segment, name, services, months, discount, first, benefit)
PROGRAMMES = [
    ("cci_bretagne", "bruno", "53", "Fidélité Bretagne (démo)", 1, 12, "10", True,
     "Dix pour cent sur nos ateliers, et une place gardée jusqu’à la veille."),
    ("agency", "alice", None, "Retour à l’export (démo)", 2, 18, "5", False,
     "Cinq pour cent sur les missions et salons dès le troisième service de l’agence."),
]  # fmt: skip
AGE = 120


def seed(world: dict[str, Any]) -> None:
    """Each once, begun four months ago; its companies are enrolled as if then."""
    first = timezone.localdate() - datetime.timedelta(days=AGE)
    for place, persona, region, name, least, months, discount, is_priority, about in PROGRAMMES:
        if Programme.objects.filter(name=name).exists():
            continue
        by: User = world["users"][persona]
        made = actions.create_programme(
            name=name, organisation=world["organisations"][place], segment=_segment(by, region), min_services=least,
            within_months=months, about=about, discount=Decimal(discount), is_priority=is_priority, starts_on=first,
            ends_on=first + datetime.timedelta(days=364), by=by, is_demo=True,
        )  # fmt: skip
        actions.enrol_segment(programme=made, by=by)
        moment = timezone.now() - datetime.timedelta(days=AGE)
        Enrolment.objects.filter(programme=made).update(enrolled_at=moment)
    _give_one(world)


def _segment(by: User, region: str | None) -> Segment:
    name = "Entreprises bretonnes (démo)" if region else "Entreprises françaises (démo)"
    found = Segment.objects.filter(owner=by, name=name).first()
    value = {"field": "region", "op": "in", "value": [region]} if region else None
    value = value or {"field": "country", "op": "in", "value": ["FR"]}
    rule = read_rule({"all": [value]}, Company, by)
    return found or segments.create_segment(name=name, subject="companies", rule=rule, by=by, sharing="network")


def _give_one(world: dict[str, Any]) -> None:
    """A company of the first programme orders again, with its discount."""
    name, helene = PROGRAMMES[0][3], world["users"]["helene"]
    one = Enrolment.objects.filter(programme__name=name).order_by("pk").first()
    sold = Service.objects.filter(provider=world["organisations"]["cci_bretagne"], is_active=True).first()
    if one is None or sold is None or ServiceOrder.objects.filter(discount_reason=name).exists():
        return
    order = services.order_service(company=one.company, service=sold, by=helene, is_agreed=True)
    actions.apply_benefit(order=order, programme=one.programme, by=helene)
