"""The demonstration of this room, told upon that of the services."""

import datetime

from pavillon.accounts.models import Membership
from pavillon.care import demo
from pavillon.care.models import Assessment, Criticism, Offer, OfferRule, RiskMark
from pavillon.care.tests.factories import refer
from pavillon.crm.tests.factories import fresh
from pavillon.directory.models import Company
from pavillon.services import demo as services
from pavillon.services.models import Service


def test_the_demonstration_is_told_once(cast):
    """Marks, a criticism, an account that was kept, talks over a year; a second run adds nothing."""
    places = {
        "agency": cast.agency, "cci_bretagne": cast.chamber, "cci_occitanie": cast.other, "partner": cast.partner_firm,
        "bank": cast.bank,
    }  # fmt: skip
    team = {"helene": cast.nour, "karim": cast.kim, "gael": cast.theo, "lars": cast.partner, "henri": cast.henri}
    world = {"users": {name: fresh(person) for name, person in team.items()}, "organisations": places}
    Service.objects.all().delete()
    Company.objects.filter(pk__in=[cast.atelier.pk, cast.southern.pk]).update(is_demo=True)
    Membership.objects.update(starts_on=datetime.date(2020, 1, 1))
    refer(cast, cast.nour)
    services.seed(world)
    for _again in range(2):
        demo.seed(world)
        told = RiskMark.objects.count(), Criticism.objects.count(), Assessment.objects.count()
        assert told[1:] == (1, 3)
    assert RiskMark.objects.filter(end="kept").count() == 1
    assert RiskMark.objects.open().exists()
    assert (OfferRule.objects.count(), Offer.objects.count()) == (5, 1)
