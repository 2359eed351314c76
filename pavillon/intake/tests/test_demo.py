"""The demonstration's files tell the whole story, and running it again adds nothing."""

import pytest

from pavillon.intake.demo import seed
from pavillon.intake.models import Delivery, Exchange, ProspectTerms
from pavillon.intake.tests.factories import stage

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_file_taken_over_one_to_decide_and_a_rental_that_is_over():
    stage()
    seed({})
    seed({})
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["rehearsed", "taken", "taken"]
    assert Delivery.objects.get(state="rehearsed").rows.to_decide().exists()
    assert ProspectTerms.objects.expired().count() == 1
    assert Exchange.objects.count() == 10
