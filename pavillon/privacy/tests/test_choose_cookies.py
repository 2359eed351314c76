"""Refusing is as easy as accepting, nothing happens before, and one may change one's mind."""

import json
import re

import pytest
from django.urls import reverse

from pavillon.accounts.tests import factories as accounts
from pavillon.activity.models import Entry
from pavillon.privacy import actions, queries
from pavillon.privacy.enums import Kind, LegalBasis
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent, Purpose

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/fr/privacy/"


@pytest.fixture
def purposes(db):
    Command().handle(verbosity=0)


def bar_of(client):
    found = re.search(r'<section class="cookiebar".*?</section>', client.get(PAGE).content.decode(), re.DOTALL)
    return found[0] if found else ""


def test_both_answers_are_the_same_button_in_the_same_row(client, purposes):
    buttons = re.findall(r'<button class="([^"]*)" name="answer" value="(\w+)"', bar_of(client))
    assert buttons == [("btn", "refuse"), ("btn", "accept")]


@pytest.mark.covers("GDPR-01")
def test_refusing_sets_no_measurement_and_keeps_the_proof(client, purposes):
    assert client.get(PAGE).status_code == 200
    assert set(client.cookies) <= {"csrftoken"}
    answer = client.post("/fr/cookies/choose/", {"answer": "refuse", "next": PAGE})
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert set(client.cookies) <= {"csrftoken", "choices"}
    assert client.cookies["choices"]["httponly"]
    proof = Consent.objects.get()
    assert (proof.purpose_id, proof.answer, proof.user) == ("company_visit", "refused", None)
    assert proof.proof["button"] == "refuse"
    assert proof.proof["text_fr"] == Purpose.objects.get(pk="company_visit").current.text_fr
    request = client.get(PAGE).wsgi_request
    assert not queries.browser_accepts(request, "company_visit")
    assert bar_of(client) == ""


def test_one_changes_one_s_mind_later_and_the_first_answer_stays_as_proof(client, purposes):
    client.post("/fr/cookies/choose/", {"answer": "accept"})
    key = Consent.objects.get().person_key
    assert queries.has_consent("company_visit", person_key=key)
    client.post("/fr/cookies/choose/", {"answer": "custom"})
    assert not queries.has_consent("company_visit", person_key=key)
    assert [row.answer for row in Consent.objects.order_by("pk")] == ["given", "refused"]
    assert Consent.objects.filter(ended_at__isnull=True).count() == 1
    assert "cookies" in client.get(PAGE).content.decode()


def test_a_choice_by_purpose(client, purposes):
    client.post("/fr/cookies/choose/", {"answer": "custom", "purposes": ["company_visit"]})
    assert queries.browser_accepts(client.get(PAGE).wsgi_request, "company_visit")


def test_a_forged_cookie_counts_for_nothing(client, purposes):
    client.cookies["choices"] = "forged"
    assert not queries.browser_accepts(client.get(PAGE).wsgi_request, "company_visit")
    assert bar_of(client)


def test_a_new_wording_asks_again(client, purposes):
    client.post("/fr/cookies/choose/", {"answer": "accept"})
    key = Consent.objects.get().person_key
    actions.publish_purpose(
        code="company_visit",
        kind=Kind.BROWSER,
        legal_basis=LegalBasis.CONSENT,
        names=("Compter", "Count"),
        texts=("Nouveau texte", "New text"),
    )
    assert bar_of(client)
    assert not queries.has_consent("company_visit", person_key=key)


def test_the_redirect_never_leaves_the_site(client, purposes):
    answer = client.post("/fr/cookies/choose/", {"answer": "refuse", "next": "https://evil.example/"})
    assert answer.url == "/fr/cookies/"


def test_an_unknown_answer_is_refused(client, purposes):
    assert client.post("/fr/cookies/choose/", {"answer": "maybe"}).status_code == 422
    assert Consent.objects.count() == 0


def test_the_pages_of_the_team_show_no_bar(client, purposes):
    accounts.places()
    client.force_login(accounts.cast().nour, backend=BACKEND)
    assert "cookiebar" not in client.get("/account/profile/").content.decode()


def test_a_person_gives_withdraws_and_takes_the_proof_away(client, purposes):
    accounts.places()
    nour = accounts.cast().nour
    client.force_login(nour, backend=BACKEND)
    client.post(reverse("privacy:answer_purposes"), {"purposes": ["news"]})
    assert queries.has_consent("news", user=nour)
    consent = Consent.objects.get(user=nour, purpose="news")
    client.post(reverse("privacy:withdraw_consent", args=[consent.pk]))
    assert not queries.has_consent("news", user=nour)
    consent.refresh_from_db()
    assert consent.answer == "given"
    assert consent.ended_at is not None
    assert Entry.objects.about(consent).filter(verb="privacy.consent_withdrawn").exists()
    proof = json.loads(client.get(reverse("privacy:export_consents")).content)
    answers = {(row["purpose"], row["answer"]) for row in proof["consents"]}
    assert answers == {("news", "given"), ("visit_follow_up", "refused")}


def test_nobody_withdraws_for_somebody_else(client, purposes):
    accounts.places()
    cast = accounts.cast()
    consent = actions.give_consent(purpose="news", person_key=f"user:{cast.nour.pk}", user=cast.nour, proof={})
    client.force_login(cast.theo, backend=BACKEND)
    assert client.post(reverse("privacy:withdraw_consent", args=[consent.pk])).status_code == 404
    client.force_login(cast.dpo, backend=BACKEND)
    assert client.post(reverse("privacy:withdraw_consent", args=[consent.pk])).status_code == 403
    assert queries.has_consent("news", user=cast.nour)


def test_choose_cookies_and_refuse_consent_answer_the_same_question(purposes):
    from django.contrib.auth.models import AnonymousUser

    actions.choose_cookies(accepted=None, person_key="browser:x", by=AnonymousUser(), proof={})
    assert queries.has_consent("company_visit", person_key="browser:x")
    actions.refuse_consent(purpose="company_visit", person_key="browser:x", proof={})
    assert not queries.has_consent("company_visit", person_key="browser:x")


def test_forgetting_keeps_that_an_answer_existed(purposes):
    consent = actions.give_consent(purpose="news", person_key="user:0", proof={"page": "/x/"})
    actions.forget_consent(consent)
    consent.refresh_from_db()
    assert consent.person_key.startswith("forgotten:")
    assert "page" not in consent.proof
    assert consent.proof["version"] == 1


def test_pages_cost_few_queries(client, purposes, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get("/fr/cookies/")


def test_the_proof_of_an_answer_keeps_no_secret_of_an_address(client, purposes):
    client.post(
        "/fr/cookies/choose/",
        {"answer": "accept", "next": PAGE},
        headers={"Referer": "http://testserver/fr/diagnosis/a-very-secret-token/result/?key=also-secret"},
    )
    proof = Consent.objects.first().proof
    assert proof["page"] == "/fr/diagnosis/<str:token>/result/"
