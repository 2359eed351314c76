"""Classes and scores: which facts give them, who may open them, the list of potentials that nobody follows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry
from pavillon.crm import actions, tasks
from pavillon.crm.models import CompanyProfile, Detection, Interaction, Lead, Referent
from pavillon.curation.models import DuplicatePair
from pavillon.directory import actions as directory
from pavillon.directory.criteria import condition_of, read_rule
from pavillon.directory.models import Company, Market
from pavillon.directory.tests.factories import stage
from pavillon.intake.tests import factories as files
from pavillon.reference.tests import factories as facts
from pavillon.security.models import PolicyCell


@pytest.fixture
def cast(db):
    return stage()


def profile(company):
    actions.compute_profiles(company=company)
    return CompanyProfile.objects.get(pk=company.pk)


def service(cast, company, days_ago, state="closed"):
    at = timezone.now() - timedelta(days=days_ago)
    return Lead.objects.create(
        company=company, company_name=company.name, origin="site", subject="Export", legal_basis="public_task",
        state=state, received_at=at, treated_at=at, closed_at=at if state == "closed" else None, team=cast.chamber,
        adviser=cast.nour, outcome="informed" if state == "closed" else "",
        taken_at=at, take_charge_minutes=5,
    )  # fmt: skip


def exchange(cast, company, days_ago=30, outcome="positive", visibility="team"):
    return Interaction.objects.create(
        company=company, kind="call", happened_at=timezone.now() - timedelta(days=days_ago), summary="Appel",
        outcome=outcome, author=cast.nour, organisation=cast.chamber, visibility=visibility,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "maturity", "expected"),
    [
        ({"export_class": "occasional"}, "settled", ("occasional", "card")),
        ({"turnover": 100, "export_turnover": 10}, "", ("regular", "share")),
        ({"turnover": 100, "export_turnover": 9}, "", ("occasional", "turnover")),
        ({}, "established", ("regular", "market")),
        ({}, "first_sales", ("occasional", "first_sales")),
        ({}, "considered", ("potential", "prospected")),
        ({}, "left", ("not_exporter", "none")),
        ({"headcount": 100, "turnover": 3_000_000, "sector_id": "industry"}, "", ("potential", "score")),
    ],
)
@pytest.mark.covers("LEAD-02")
def test_the_export_class_and_the_rule_that_gave_it(cast, client, fields, maturity, expected):
    """Regular, occasional, potential or none; a non-exporter's page offers the diagnosis, a regular one's does not."""
    company = directory.create_company(name="Mesurée", by=None, **fields)
    if maturity:
        Market.objects.create(company=company, country=facts.make_country("DE"), maturity=maturity)
    made = profile(company)
    assert (made.export_class, made.export_rule) == expected
    client.force_login(cast.nour)
    text = client.get(reverse("crm:view_profile", args=[company.pk])).content.decode()
    assert ("data-copy" in text) == (expected[0] in ("not_exporter", "potential"))


@pytest.mark.covers("SEC-11")
def test_reasons_do_not_tell_what_the_matrix_hides(cast, client):
    """The turnover is forbidden to advisers: neither the panel, nor the list, nor the rule of the class tells of it."""
    directory.change_company(company=cast.atelier, by=None, turnover=3_000_000, export_turnover=400_000)
    actions.compute_profiles()
    client.force_login(cast.nour)
    panel, row = reverse("crm:view_profile", args=[cast.atelier.pk]), reverse("directory:companies") + "?cols=score_why"
    told = [client.get(panel).content.decode(), client.get(row).content.decode()]
    assert all("turnover of 2 M€" in text for text in told)
    assert "share of its turnover" in told[0]
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    hidden = [client.get(panel).content.decode(), client.get(row).content.decode()]
    assert not any("turnover of 2 M€" in text or "share of its turnover" in text for text in hidden)


@pytest.mark.covers("PLAN-16")
def test_the_three_axes_cross_in_one_rule(cast):
    """Value high, lifecycle prospect, relationship loyal: one rule, one company."""
    directory.change_company(company=cast.southern, by=None, potential_turnover=20_000_000)
    directory.change_company(company=cast.atelier, by=None, potential_turnover=30_000_000)
    for days in (10, 40, 80, 120):
        exchange(cast, cast.southern, days)
    actions.compute_profiles()
    rule = {
        "all": [
            {"field": "value", "op": "in", "value": ["high"]},
            {"field": "lifecycle", "op": "in", "value": ["prospect"]},
            {"field": "relationship", "op": "in", "value": ["loyal"]},
        ]
    }
    asked = condition_of(read_rule(rule, Company, cast.nour), cast.nour)
    assert [c.name for c in Company.objects.visible_to(cast.nour).filter(asked)] == ["Verreries du Midi"]


def test_a_private_note_moves_no_score(cast):
    before = profile(cast.atelier).call_factors
    exchange(cast, cast.atelier, visibility="organisation")
    assert profile(cast.atelier).call_factors == before
    exchange(cast, cast.atelier)
    assert profile(cast.atelier).call_factors["answers"] == 10


@pytest.mark.covers("BASE-14")
def test_take_potential_from_the_list_with_its_factors_and_the_time_saved(cast, client):
    """The list shows who has a high potential and no referent, each score opens; assigned, it leaves the list."""
    directory.change_company(
        company=cast.atelier, by=None, headcount=120, sector_id="industry", website="https://ponant.example"
    )
    actions.compute_profiles()
    client.force_login(cast.nour)
    page = client.get(reverse("crm:potentials"))
    (found,) = page.context["potentials"]
    assert found.company == cast.atelier
    assert sum(points for _text, points in found.factors) == found.profile.score == 55
    assert all(text in page.content.decode() for text, _points in found.factors)
    taken = {"adviser": cast.nour.pk, "opened": page.context["opened"]}
    client.post(reverse("crm:take_potential", args=[cast.atelier.pk]), taken)
    assert Referent.objects.current().get(company=cast.atelier).adviser == cast.nour
    assert Entry.objects.about(cast.atelier).filter(verb="crm.potential_taken").exists()
    after = client.get(reverse("crm:potentials"))
    assert after.context["potentials"] == []
    detection = Detection.objects.get()
    assert detection.seconds < 60
    assert after.context["saved"]["saved"] == pytest.approx(30, abs=1)
    client.force_login(cast.official)
    assert client.post(reverse("crm:take_potential", args=[cast.southern.pk]), taken).status_code == 403


@pytest.mark.covers("BASE-08")
def test_the_list_in_call_order_says_why_the_first_is_first(cast, client):
    """Relevance and receptiveness: who asked and answers well comes before who never answered, and the reason shows."""
    service(cast, cast.atelier, 20, state="taken")
    exchange(cast, cast.atelier, 60)
    exchange(cast, cast.southern, 60, outcome="no_answer")
    actions.compute_profiles()
    client.force_login(cast.nour)
    answer = client.get("/companies/", {"sort": "call", "cols": "call_score,call_why"})
    assert [row.name for row in answer.context["listing"].rows] == ["Ateliers du Ponant", "Verreries du Midi"]
    text = answer.content.decode()
    assert "its answers so far +10" in text
    assert "its answers so far -8" in text


def test_questions_of_this_room_follow_what_one_may_see(cast):
    exchange(cast, cast.atelier, visibility="organisation")
    rule = {"field": "exchanges", "op": "did", "value": {"days": 90, "kinds": ["call"]}}

    def found(user, written=rule):
        return set(
            Company.objects.visible_to(user)
            .filter(condition_of(read_rule(written, Company, user), user))
            .values_list("name", flat=True)
        )

    assert found(cast.nour) == {"Ateliers du Ponant"}
    assert found(cast.theo) == set()
    never = {"field": "exchanges", "op": "did_not", "value": {"days": 90}}
    assert found(cast.nour, never) == {"Verreries du Midi"}
    often = {"field": "exchanges", "op": "did", "value": {"least": 2}}
    assert found(cast.nour, often) == set()
    exchange(cast, cast.atelier)
    assert found(cast.nour, often) == {"Ateliers du Ponant"}
    Referent.objects.create(company=cast.atelier, adviser=cast.nour, organisation=cast.chamber)
    assert found(cast.theo, {"field": "followed", "op": "no"}) == {"Verreries du Midi"}
    mine = {"field": "referent", "op": "in", "value": [cast.nour.pk]}
    assert found(cast.nour, mine) == {"Ateliers du Ponant"}


def test_a_pass_writes_only_what_changed_and_a_closed_company_has_no_profile(cast):
    assert actions.compute_profiles() == 2
    assert actions.compute_profiles() == 0
    directory.change_company(company=cast.atelier, by=None, closed_on=timezone.localdate())
    tasks.compute_profile(company_id=cast.atelier.pk)
    assert not CompanyProfile.objects.filter(pk=cast.atelier.pk).exists()


def test_change_profile_settings_is_traced(cast):
    made = actions.change_profile_settings(reason="Comité", by=cast.admin, potential_score=70)
    assert Entry.objects.about(made).get().facts["potential_score"] == "70"


def test_what_a_machine_derived_holds_no_wrong_file_back(db):
    """The worker has scored the new companies and the night proposes them as doubles: undone, the file leaves whole."""
    scene = files.stage()
    before = Company.objects.count()
    text = f"Raison sociale;SIREN;Courriel\nCordonnerie;{files.BISCUITS};a@c.example\nTannerie du Léguer;;b@t.example\n"
    delivery = files.take(files.bring(scene, text), scene)
    actions.compute_profiles()
    made = list(Company.objects.order_by("-pk")[:2])
    assert CompanyProfile.objects.filter(company__in=made).count() == 2
    DuplicatePair.objects.create(left=made[1], right=made[0], probability=0.6, weight=0.4)
    files.undo(delivery, scene)
    assert delivery.undone == {"removed": 2, "restored": 0, "kept": 0, "nothing": 0}
    assert Company.objects.count() == before
