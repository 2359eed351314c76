"""One door to the use of data: who said no is left out at once, and the answer says why and what to do."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from pavillon.privacy import actions, queries, tasks
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent, Letter, Purpose, PurposeVersion
from pavillon.privacy.tests import factories

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db):
    return factories.stage()


def sign_in(client, user):
    client.force_login(type(user).objects.get(pk=user.pk), backend=BACKEND)
    return client


def test_a_misspelt_purpose_is_never_an_answer(cast):
    with pytest.raises(LookupError):
        queries.may_use(cast.claire, "prospectign")


def test_consent_must_be_given_and_objection_must_be_respected(cast):
    assert queries.may_use(cast.claire, "prospecting").code == "basis"
    assert queries.may_use(cast.claire, "news").code == "never_asked"
    actions.change_choice(person=cast.claire, purpose="news", answer=True, by=cast.claire, proof={})
    assert queries.may_use(cast.claire, "news")
    actions.change_choice(person=cast.claire, purpose="news", answer=False, by=cast.claire, proof={})
    assert queries.may_use(cast.claire, "news").code == "refused"
    actions.object_for(person=cast.claire, by=cast.claire, proof={})
    refused = queries.may_use(cast.claire, "prospecting")
    assert refused.code == "objected"
    assert "opposée" in refused.sentence
    assert "autoriser de nouveau" in refused.sentence
    with pytest.raises(queries.UseRefused, match="opposée"):
        queries.require_use(cast.claire, "prospecting")


def test_an_objection_follows_the_address_and_a_yes_lifts_it(cast):
    actions.object_for(person=cast.claire, by=None, proof={})
    assert not queries.may_use(cast.claire.email.upper(), "enrichment")
    actions.change_choice(person=cast.claire, purpose="enrichment", answer=True, by=cast.claire, proof={})
    assert queries.may_use(cast.claire, "enrichment")
    assert queries.may_use(cast.claire.email, "enrichment")
    assert not queries.may_use(cast.claire, "prospecting")


def test_a_contract_is_no_question(cast):
    assert queries.may_use(cast.claire, "company_account")
    with pytest.raises(actions.NotYours):
        actions.change_choice(person=cast.claire, purpose="company_account", answer=False, by=cast.claire, proof={})


def test_a_consent_ages_and_follows_the_wording(cast):
    consent = actions.change_choice(person=cast.claire, purpose="news", answer=True, by=cast.claire, proof={})
    Purpose.objects.filter(pk="news").update(valid_months=12)
    assert queries.may_use(cast.claire, "news")
    Consent.objects.filter(pk=consent.pk).update(answered_at=timezone.now() - timezone.timedelta(days=400))
    assert queries.may_use(cast.claire, "news").code == "expired"


@pytest.mark.covers("GDPR-02")
def test_a_person_withdraws_on_her_page_and_campaigns_leave_her_out_at_once(cast, client):
    page = sign_in(client, cast.claire)
    page.post(reverse("privacy:change_choice"), {"purpose": "news", "answer": "yes"})
    assert queries.may_use(cast.claire, "news")
    shown = page.get(reverse("privacy:list_consents")).content.decode()
    assert Purpose.objects.get(pk="news").current.text_fr in shown
    page.post(reverse("privacy:change_choice"), {"purpose": "news", "answer": "no"})
    assert [bool(one) for one in queries.judge_many([cast.claire, cast.tom], "news")] == [False, False]
    proof = page.get(reverse("privacy:export_consents")).json()["consents"]
    assert [row["answer"] for row in proof] == ["refused", "given"]
    assert all(row["proof"]["text_fr"] and row["proof"]["page"] is not None for row in proof)


def test_a_no_ends_what_was_accepted_under_another_key(cast):
    elsewhere = queries.card_of(cast.claire).keys[1]
    given = actions.give_consent(purpose="news", person_key=elsewhere, proof={})
    actions.change_choice(person=cast.claire, purpose="news", answer=False, by=None, proof={})
    given.refresh_from_db()
    assert given.ended_at is not None
    assert not queries.may_use(cast.claire, "news")


def test_a_link_answers_only_what_its_page_shows(cast, client):
    token = queries.token_of(f"user:{cast.claire.pk}")
    answer = {"purpose": "news", "answer": "yes", "scope": "organisation:99"}
    assert client.post(reverse("privacy:choices", args=[token]), answer).status_code == 404
    assert not Consent.objects.exists()


def test_send_choices_link_needs_no_account_and_shows_no_name(cast, client):
    letter = actions.send_choices_link(person=cast.claire, by=cast.nour)
    tasks.send_letter(letter.pk)
    tasks.send_letter(letter.pk)
    assert [message.to for message in mail.outbox] == [[cast.claire.email]]
    address = re.search(r"http://[^/\s]+(/en/choices/\S+/)", mail.outbox[0].body)[1]
    page = client.get(address)
    assert page.status_code == 200
    assert cast.claire.last_name not in page.content.decode().replace("Test", "", 0).split("<main")[0]
    assert cast.claire.email not in page.content.decode()
    client.post(address, {"purpose": "prospecting", "answer": "no"})
    consent = Consent.objects.get(purpose="prospecting", person_key=f"user:{cast.claire.pk}")
    assert consent.answer == "refused"
    assert consent.proof["page"] == "/en/choices/<str:token>/"
    assert not queries.may_use(cast.claire, "prospecting")
    assert client.get(address.replace("/choices/", "/choices/x")).status_code == 404
    assert client.post(address, {"purpose": "company_account", "answer": "no"}).status_code == 422


def test_ask_consent_shows_the_recipient_and_each_datum(cast, client):
    question = actions.ask_consent(
        user=cast.claire, purpose="partner_sharing", scope="organisation:7", recipient="Brücke GmbH",
        data=["Votre nom"], reason="Trouver un distributeur", by=cast.nour,
    )  # fmt: skip
    again = actions.ask_consent(
        user=cast.claire, purpose="partner_sharing", scope="organisation:7", recipient="x", data=[], reason="y", by=None
    )
    assert question == again
    page = sign_in(client, cast.claire)
    shown = page.get(reverse("privacy:list_consents")).content.decode()
    assert "Brücke GmbH" in shown
    assert "Trouver un distributeur" in shown
    page.post(reverse("privacy:answer_question", args=[question.pk]), {"answer": "yes"})
    consent = Consent.objects.get(scope="organisation:7")
    assert (consent.proof["recipient"], consent.proof["data"]) == ("Brücke GmbH", ["Votre nom"])
    assert queries.may_use(cast.claire, "partner_sharing", scope="organisation:7")
    assert not queries.may_use(cast.claire, "partner_sharing", scope="organisation:8")
    page.post(
        reverse("privacy:change_choice"), {"purpose": "partner_sharing", "answer": "no", "scope": "organisation:7"}
    )
    assert not queries.may_use(cast.claire, "partner_sharing", scope="organisation:7")
    actions.forget_question(question)


def test_the_officer_rewords_and_the_product_does_not_take_it_back(cast, client):
    actions.change_choice(person=cast.claire, purpose="news", answer=True, by=cast.claire, proof={})
    page = sign_in(client, cast.dpo)
    texts = {
        "text_fr": "Un texte nouveau, plus clair que celui d'avant.",
        "text_en": "A new text, clearer than the one before it.",
    }
    answer = page.post(reverse("privacy_team:reword_purpose", args=["news"]), {**texts, "valid_months": "6"})
    assert answer.status_code == 302
    assert queries.may_use(cast.claire, "news").code == "older_wording"
    Command().handle(verbosity=0)
    purpose = Purpose.objects.get(pk="news")
    assert (purpose.current.text_fr, purpose.valid_months) == (texts["text_fr"], 6)
    assert PurposeVersion.objects.filter(purpose=purpose).count() == 2
    shown = page.get(reverse("privacy_team:purpose", args=["news"]))
    assert shown.context["purpose"].older == 1
    proofs = page.get(reverse("privacy_team:export_proofs", args=["news"])).content.decode()
    assert cast.claire.email in proofs
    assert sign_in(client, cast.nour).get(reverse("privacy_team:purposes")).status_code == 403


def test_forget_letter_keeps_that_it_was_written(cast):
    letter = actions.write_letter(to="a@b.example", language="fr", subject="Sujet", body="Texte")
    actions.forget_letter(letter)
    kept = Letter.objects.get()
    assert (kept.to, kept.to_index, kept.body, kept.subject) == ("", "", "", "Sujet")


def test_many_people_cost_as_many_statements_as_one(cast, django_assert_max_num_queries):
    people = [cast.claire, cast.tom, cast.nour, cast.theo]
    with django_assert_max_num_queries(2):
        queries.judge_many(people, "prospecting")
