"""The home of marketing shows what there is: segments, lists, answers, sources with their licences, channels."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.campaigns.tests.factories import campaign
from pavillon.crm.actions import log_interaction
from pavillon.crm.tests.factories import fresh, lead, stage
from pavillon.directory.actions import create_source, note_source_record
from pavillon.directory.criteria import read_rule
from pavillon.directory.models import Company
from pavillon.intake.actions import set_terms
from pavillon.segments import actions as segments

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return stage()


def spoke(cast, company, outcome):
    log_interaction(
        company=company, kind="call", happened_at=timezone.now(), summary="Appel", outcome=outcome, by=fresh(cast.nour),
        visibility="team",
    )  # fmt: skip


@pytest.mark.covers("BASE-16")
def test_the_home_of_marketing_counts_what_there_is(client, cast, django_assert_max_num_queries):
    manager = fresh(cast.manager)
    client.force_login(manager)
    empty = client.get(reverse("reporting:marketing")).text
    assert "No segment yet" in empty
    rule = read_rule({"all": [{"field": "region", "op": "in", "value": ["53"]}]}, Company, manager)
    segments.create_segment(name="Bretagne", subject="companies", rule=rule, by=manager)
    target = segments.create_target_list(name="Irlande", origin="marketing", by=manager)
    segments.target_companies(companies=[cast.atelier.pk, cast.southern.pk], target_list=target, by=manager)
    segments.publish_target_list(target_list=target, readers=[cast.nour], by=manager)
    spoke(cast, cast.atelier, "positive")
    spoke(cast, cast.atelier, "no_answer")
    rented = create_source(code="loueur-2026", name="Fichier loué", kind="rented", by=None)
    ends = timezone.localdate() + timedelta(days=10)
    set_terms(source=rented, by=manager, supplier="Loueur", cost=100, licence_ends_on=ends)
    note_source_record(record_of=cast.atelier, source=rented, seen_on=timezone.localdate())
    run = campaign(cast.chamber)
    lead(cast.atelier, origin="social", channel="LinkedIn", campaign=run)
    with django_assert_max_num_queries(45):
        page = client.get(reverse("reporting:marketing"))
    told = page.context
    assert (told["segment_count"], told["target_count"], told["ending"], told["over"]) == (1, 1, 1, 0)
    (line,) = told["targets"]
    assert (line.size, line.reached, line.interested, line.reach_percent) == (2, 1, 1, 50)
    (source,) = told["sources"]
    assert (source.records, source.cost_each, source.days_left, source.ends_soon) == (1, 100, 10, True)
    (calls,) = told["answers"]
    assert (calls.tried, calls.answer_percent, calls.interest_percent) == (2, 50, 100)
    assert told["answer_percent"] == 50
    assert [channel.origin for channel in told["channels"]] == ["social"]
    (going,) = told["campaigns"]
    assert (going.campaign, going.requests.exact) == (run, 1)
    for words in ("Bretagne", "Irlande", "Fichier loué", "10 days left"):
        assert words in page.text


@pytest.mark.parametrize(("who", "status"), [("nour", 200), ("official", 200), ("claire", 403), ("dpo", 403)])
def test_who_opens_the_home_of_marketing(client, cast, who, status):
    client.force_login(fresh(getattr(cast, who)))
    assert client.get(reverse("reporting:marketing")).status_code == status
