"""Next best actions: the facts that make them, the reasons told, what people do with them; visits without a word."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.activity.models import Entry
from pavillon.core.permissions import is_allowed
from pavillon.crm import actions
from pavillon.crm.models import Absence, Lead, SharedTask, SiteVisit, Suggestion
from pavillon.crm.queries.suggestions import why, worth_of_rules
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.crm.tests.test_profiles import exchange, service
from pavillon.directory.actions import create_company, merge_companies
from pavillon.directory.models import SourceRecord
from pavillon.privacy import actions as privacy
from pavillon.privacy.models import Consent, Purpose
from pavillon.security.models import PolicyCell

FOLLOW_UP = "visit_follow_up"


@pytest.fixture
def agreed(cast):
    """Claire agreed to be followed up from what she reads."""
    words = ("Me proposer une aide", "Offer me help")
    privacy.publish_purpose(code=FOLLOW_UP, kind="person", legal_basis="consent", names=words, texts=words)
    privacy.give_consent(purpose=FOLLOW_UP, person_key=f"user:{cast.claire.pk}", user=cast.claire, proof={})
    return cast.claire


def read_for_days(person, days=2, pages=3):
    """Pages of so many days, the last one yesterday."""
    for _page in range(pages):
        actions.note_site_visit(by=fresh(person), what="products")
    visit = SiteVisit.objects.get(person=person)
    for n in range(days):
        day = visit.day - timedelta(days=n + 1)
        SiteVisit.objects.create(company=visit.company, person=person, day=day, pages=1, products=pages)


def referent(cast):
    day = timezone.localdate() - timedelta(days=400)
    actions.set_referent(
        company=cast.atelier, adviser=cast.nour, organisation=cast.chamber, by=cast.manager, starts_on=day
    )


def found(rule):
    actions.compute_profiles()
    return actions.make_suggestions()[rule]


@pytest.mark.covers("BASE-16")
def test_a_suggestion_states_its_reasons_and_is_taken_up(cast, sign_in):
    """The menu shows the five blocks; a silent client is suggested to his referent, who takes it up."""
    service(cast, cast.atelier, days_ago=300)
    exchange(cast, cast.atelier, days_ago=250)
    referent(cast)
    assert found("dormant") == 1
    page = sign_in(cast.nour).get(reverse("crm:suggestions")).text
    for block in ("Customer relations", "Customer accounts", "Marketing", "Assisted intelligence", "Analytics"):
        assert block in page
    assert "1 request(s) treated, and no exchange since" in page
    suggestion = Suggestion.objects.get()
    sign_in(cast.nour).post(reverse("crm:follow_suggestion", args=[suggestion.pk]))
    task = SharedTask.objects.get()
    assert (task.given_to, task.company) == (cast.nour, cast.atelier)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.decided_by) == ("followed", cast.nour)
    assert Entry.objects.about(suggestion).filter(verb="crm.suggestion_followed").exists()
    assert found("dormant") == 0, "what was decided stays quiet"
    exchange(cast, cast.atelier, days_ago=-1)
    worth = {each.rule: each for each in worth_of_rules(fresh(cast.nour))}["dormant"]
    assert (worth.made, worth.followed, worth.hit_percent, worth.fruit_percent) == (1, 1, 100, 100)


def test_who_finds_a_suggestion(cast, sign_in):
    service(cast, cast.atelier, days_ago=300)
    referent(cast)
    found("dormant")
    follow = reverse("crm:follow_suggestion", args=[Suggestion.objects.get().pk])
    assert sign_in(cast.theo).post(follow).status_code == 404
    assert sign_in(cast.official).post(follow).status_code == 404
    assert sign_in(cast.nina).post(follow).status_code == 302


def test_a_suggestion_is_set_aside_with_a_reason(cast, sign_in):
    service(cast, cast.atelier, days_ago=300)
    referent(cast)
    found("dormant")
    suggestion = Suggestion.objects.get()
    dismiss = reverse("crm:dismiss_suggestion", args=[suggestion.pk])
    sign_in(cast.nour).post(dismiss, {"reason": ""})
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    sign_in(cast.nour).post(dismiss, {"reason": "irrelevant"})
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.reason) == ("dismissed", "irrelevant")
    assert found("dormant") == 0
    with pytest.raises(actions.AlreadyDecided):
        actions.dismiss_suggestion(suggestion=suggestion, reason="done", by=fresh(cast.nour))


def test_a_suggestion_lapses_with_its_facts(cast):
    service(cast, cast.atelier, days_ago=300)
    referent(cast)
    found("dormant")
    exchange(cast, cast.atelier, days_ago=1, visibility="organisation")
    found("dormant")
    assert Suggestion.objects.get().state == "lapsed", "a private exchange of the same organisation breaks the silence"


def test_a_late_promise_is_suggested_to_who_made_it(cast):
    request = taken(lead(cast.atelier))
    Lead.objects.filter(pk=request.pk).update(
        next_action="Rappeler", next_action_on=timezone.localdate() - timedelta(days=3)
    )
    assert found("promise") == 1
    suggestion = Suggestion.objects.get(rule="promise")
    assert suggestion.adviser == request.adviser
    with translation.override("en"):
        assert request.reference in why(suggestion, fresh(cast.nour))[0]
    assert not Suggestion.objects.visible_to(fresh(cast.theo)).exists()


def test_requests_of_an_absent_referent_are_suggested_to_his_team(cast):
    referent(cast)
    request = lead(cast.atelier)
    assert request.adviser == cast.nour
    day = timezone.localdate()
    Absence.objects.create(person=cast.nour, starts_on=day, ends_on=day + timedelta(days=9))
    assert found("absent") == 1
    suggestion = Suggestion.objects.get(rule="absent")
    assert (suggestion.adviser, suggestion.team, suggestion.facts["requests"]) == (None, cast.chamber, 1)


@pytest.mark.covers("BASE-17")
def test_a_company_that_reads_and_never_writes_becomes_a_prospect(cast, sign_in, agreed):
    read_for_days(agreed)
    assert found("visited") == 1
    suggestion = Suggestion.objects.get(rule="visited")
    assert suggestion.region_id == "53"
    assert SourceRecord.objects.filter(company=cast.atelier, source__code="our-sites").exists()
    assert "it never wrote" in sign_in(cast.nour).get(reverse("crm:suggestions")).text
    sign_in(cast.nour).post(reverse("crm:follow_suggestion", args=[suggestion.pk]))
    request = Lead.objects.get()
    assert (request.origin, request.company, request.legal_basis) == ("visit", cast.atelier, "consent")
    assert not Lead.objects.visible_to(agreed).exists(), "the company asked for nothing"
    assert found("visited") == 0


def test_nothing_is_noted_without_the_person_s_agreement(cast):
    assert not actions.note_site_visit(by=fresh(cast.claire), what="pages")
    assert not actions.note_site_visit(by=fresh(cast.nour), what="pages")
    assert not SiteVisit.objects.exists()
    with pytest.raises(ValueError, match="cookies"):
        actions.note_site_visit(by=fresh(cast.claire), what="cookies")


def test_visits_are_forgotten_when_the_agreement_is_withdrawn(cast, agreed):
    read_for_days(agreed)
    assert found("visited") == 1
    privacy.withdraw_consent(consent=Consent.objects.standing().get(user=agreed), by=agreed)
    assert not SiteVisit.objects.exists()
    assert not Suggestion.objects.filter(rule="visited").exists(), "nobody follows up what was withdrawn"
    assert not actions.note_site_visit(by=fresh(agreed), what="pages")
    assert Purpose.objects.filter(pk=FOLLOW_UP).exists()


def test_a_visitor_becomes_a_request_only_for_who_may_write_requests_down(cast, sign_in, agreed):
    read_for_days(agreed)
    assert found("visited") == 1
    suggestion = Suggestion.objects.get(rule="visited")
    assert is_allowed(fresh(cast.nour), "crm.follow_suggestion", suggestion)
    PolicyCell.objects.create(role="adviser", model="crm.lead", field="*", level=1)
    assert not is_allowed(fresh(cast.nour), "crm.follow_suggestion", suggestion)


def test_a_company_that_wrote_is_no_silent_visitor(cast, agreed):
    read_for_days(agreed)
    lead(cast.atelier)
    assert found("visited") == 0


def test_old_visits_are_forgotten(cast, agreed):
    actions.note_site_visit(by=fresh(agreed), what="pages")
    SiteVisit.objects.update(day=timezone.localdate() - timedelta(days=400))
    actions.make_suggestions()
    assert not SiteVisit.objects.exists()


def test_one_visit_is_forgotten_and_all_of_a_person(cast, agreed):
    read_for_days(agreed, days=2)
    actions.forget_site_visit(SiteVisit.objects.first())
    assert SiteVisit.objects.count() == 2
    assert actions.forget_site_visits(person=agreed) == 2


def test_a_potential_without_a_referent_is_suggested_to_its_region(cast):
    from pavillon.crm.models import CompanyProfile

    actions.compute_profiles()
    CompanyProfile.objects.filter(pk=cast.southern.pk).update(score=80, factors={"size": 20, "market": 0})
    assert actions.make_suggestions()["potential"] == 1
    suggestion = Suggestion.objects.get(rule="potential")
    assert list(Suggestion.objects.visible_to(fresh(cast.theo))) == [suggestion]
    assert not Suggestion.objects.visible_to(fresh(cast.nour)).exists()
    with translation.override("en"):
        told = "Export potential of 80 out of 100, and no referent."
        assert why(suggestion, fresh(cast.theo)) == [told, "20 to 499 people (+20)"]
        PolicyCell.objects.create(role="adviser", model="directory.company", field="headcount", level=0)
        assert why(suggestion, fresh(cast.theo)) == [told]


def test_pages_of_suggestions_cost_little(cast, sign_in, django_assert_max_num_queries):
    service(cast, cast.atelier, days_ago=300)
    referent(cast)
    found("dormant")
    browser = sign_in(cast.nour)
    with django_assert_max_num_queries(24):
        browser.get(reverse("crm:suggestions"))
    panel = browser.get(reverse("crm:company_suggestions", args=[cast.atelier.pk])).text
    assert "no exchange since" in panel
    assert "no exchange since" in browser.get(reverse("crm:desk_suggestions")).text


def late_exchange(cast, by, days):
    past = timezone.now() - timedelta(days=days + 9)
    return actions.log_interaction(
        company=cast.atelier, kind="call", happened_at=past, summary="x", by=fresh(by), next_action="Rappeler",
        next_action_on=timezone.localdate() - timedelta(days=days),
    )  # fmt: skip


def test_each_colleague_finds_the_promise_that_he_made(cast):
    late_exchange(cast, cast.nour, 3)
    late_exchange(cast, cast.theo, 9)
    assert found("promise") == 2
    told = {one.adviser.first_name: one for one in Suggestion.objects.filter(rule="promise").select_related("adviser")}
    assert set(told) == {cast.nour.first_name, cast.theo.first_name}
    assert not Suggestion.objects.visible_to(fresh(cast.nour)).filter(adviser=cast.theo).exists()
    actions.dismiss_suggestion(suggestion=told[cast.theo.first_name], reason="done", by=fresh(cast.theo))
    assert found("promise") == 0
    assert Suggestion.objects.open().get(rule="promise").adviser == cast.nour, "another's decision is not his"


def test_a_suggestion_goes_to_the_new_referent_with_the_facts_of_today(cast):
    service(cast, cast.atelier, days_ago=300)
    referent(cast)
    found("dormant")
    before = Suggestion.objects.get()
    actions.hand_over_referent(
        company=cast.atelier, adviser=cast.theo, organisation=cast.theo.organisation, by=cast.manager,
        starts_on=timezone.localdate(), reason="Mutation",
    )  # fmt: skip
    service(cast, cast.atelier, days_ago=250)
    assert found("dormant") == 0
    after = Suggestion.objects.get()
    assert (after.pk, after.state) == (before.pk, "open")
    assert (after.adviser, after.team) == (cast.theo, cast.theo.organisation)
    assert (after.facts["requests"], after.facts["services"]) == (2, 0)
    assert after.weight < before.weight


def test_nobody_takes_up_what_is_no_longer_so(cast, sign_in, agreed):
    service(cast, cast.atelier, days_ago=300)
    referent(cast)
    found("dormant")
    silent = Suggestion.objects.get()
    exchange(cast, cast.atelier, days_ago=1, visibility="organisation")
    page = sign_in(cast.nour).post(reverse("crm:follow_suggestion", args=[silent.pk]), follow=True).text
    assert "no longer needed" in page
    silent.refresh_from_db()
    assert (silent.state, SharedTask.objects.count()) == ("lapsed", 0)


def test_a_visitor_whose_agreement_is_of_an_older_wording_is_not_called(cast, agreed):
    read_for_days(agreed)
    found("visited")
    visited = Suggestion.objects.get(rule="visited")
    words = ("Me proposer une aide précise", "Offer me precise help")
    privacy.publish_purpose(code=FOLLOW_UP, kind="person", legal_basis="consent", names=words, texts=words)
    with pytest.raises(actions.AlreadyDecided):
        actions.follow_suggestion(suggestion=visited, by=fresh(cast.nour))
    assert not Lead.objects.exists()


def test_a_suggestion_that_was_taken_back_meanwhile_is_told(cast, agreed):
    read_for_days(agreed)
    found("visited")
    visited = Suggestion.objects.get(rule="visited")
    Suggestion.objects.all().delete()
    with pytest.raises(actions.AlreadyDecided):
        actions.follow_suggestion(suggestion=visited, by=fresh(cast.nour))


def test_merged_companies_keep_one_suggestion_of_a_rule_and_each_promise(cast):
    """Two referents, so two silent clients: one is left. The promises of one colleague are one, of two stay two."""
    double = create_company(name="Ateliers du Ponant", by=None)
    for company, adviser, rule in (
        (cast.atelier, cast.nour, "dormant"), (double, cast.theo, "dormant"),
        (cast.atelier, cast.nour, "promise"), (double, cast.nour, "promise"), (double, cast.theo, "promise"),
        (cast.atelier, None, "promise"), (double, None, "promise"),
    ):  # fmt: skip
        Suggestion.objects.create(company=company, adviser=adviser, rule=rule)
    merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    kept = Suggestion.objects.filter(company=cast.atelier).values_list("rule", "adviser__first_name")
    promises = {("promise", cast.nour.first_name), ("promise", cast.theo.first_name), ("promise", None)}
    assert (set(kept), len(kept)) == ({("dormant", cast.nour.first_name), *promises}, 4)
