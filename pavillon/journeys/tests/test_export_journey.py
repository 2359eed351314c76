"""The export life of a company is one line: every room hangs its objects on a stage, under the reader's rights."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.crm.actions import log_interaction
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.models import Company
from pavillon.services import actions
from pavillon.services.models import Survey
from pavillon.services.tests import factories as services
from pavillon.solutions.models import Diagnosis
from pavillon.solutions.tests.factories import load_content, take_diagnosis

STAGES = ["interest", "qualification", "diagnosis", "solution", "delivery", "satisfaction", "impact"]


@pytest.mark.covers("JOUR-01")
def test_the_page_of_a_company_shows_its_journey_with_dates_and_the_current_stage(
    db, client, django_assert_max_num_queries
):
    """Stage after stage from its first request to a contract abroad, as the adviser and the company see it."""
    cast = services.stage()
    load_content()
    company, nour = Company.objects.get(pk=cast.atelier.pk), fresh(cast.nour)
    url = reverse("crm:view_journey", args=[company.pk])

    def stands(expected, reader=nour):
        client.force_login(reader)
        journey = client.get(url).context["journey"]
        assert [line.stage for line in journey] == STAGES
        assert [line.stage for line in journey if line.state == "current"] == [expected]
        assert all((line.first is not None) == bool(line.count) for line in journey)
        return {line.stage.value: line for line in journey}

    client.force_login(nour)
    assert url in client.get(company.get_absolute_url()).text, "the bar loads on the page of the company"
    stands("interest")
    lead(company, requested_by=cast.claire)
    stands("interest")
    log_interaction(company=company, kind="call", summary="Besoin", happened_at=timezone.now(), by=nour)
    stands("qualification")
    diagnosis = take_diagnosis(by=cast.claire)
    Diagnosis.objects.filter(pk=diagnosis.pk).update(company=company)
    stands("diagnosis")
    order = services.ordered(cast)
    stands("solution")
    actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=nour)
    services.run_letters()
    stands("delivery")
    actions.answer_satisfaction(survey=Survey.objects.get(kind="satisfaction"), score=8, verbatim="")
    stands("satisfaction")
    survey = Survey.objects.get(kind="impact")
    actions.send_survey(survey=survey)
    actions.answer_impact(survey=survey, flows=[], verbatim="", attested_by="Claire")
    with django_assert_max_num_queries(45):
        reached = stands("impact")
    assert all(line.state for line in reached.values())
    page = client.get(url).text
    assert str(timezone.localdate().year) in page
    assert 'aria-current="step"' in page
    # Another region finds neither the request nor the service.
    theo = stands("diagnosis", fresh(cast.theo))
    assert theo["solution"].count == theo["interest"].count == 0
    # The company sees where it stands in its own space.
    client.force_login(fresh(cast.claire))
    home = client.get(reverse("solutions_company:company_home"))
    assert home.text.count('aria-current="step"') == 1
