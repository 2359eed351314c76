"""A private partner receives a request only with the company's agreement, and loses it with it."""

import pytest
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.activity.models import Notification
from pavillon.crm import actions
from pavillon.crm.models import HandOver, Lead
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent, Question


@pytest.fixture
def request_in_hand(cast):
    Command().handle(verbosity=0)
    return taken(lead(cast.atelier, requested_by=cast.claire, contact_name="Claire Test", message="Trouver un agent"))


def propose(cast, request, sign_in):
    page = sign_in(fresh(request.adviser))
    data = {"email": cast.partner.email, "note": "Il connaît les distributeurs de Bavière."}
    return page.post(reverse("crm:hand_over_lead", args=[request.pk]), data)


def answer(cast, sign_in, word):
    question = Question.objects.get(answered_at__isnull=True)
    sign_in(cast.claire).post(reverse("privacy:answer_question", args=[question.pk]), {"answer": word})
    return question


def sees(person, request):
    return Lead.objects.visible_to(User.objects.get(pk=person.pk)).filter(pk=request.pk).exists()


@pytest.mark.covers("HAND-01")
def test_nothing_leaves_without_a_yes_that_names_partner_reason_and_data(cast, request_in_hand, sign_in):
    page = propose(cast, request_in_hand, sign_in)
    assert page.status_code == 422
    assert "The company was asked in its space" in page.content.decode()
    assert not HandOver.objects.exists()
    shown = sign_in(cast.claire).get(reverse("privacy:list_consents")).content.decode()
    for word in ("Brücke GmbH", "Il connaît les distributeurs", "Your name", "Your message"):
        assert word in shown
    answer(cast, sign_in, "no")
    assert propose(cast, request_in_hand, sign_in).status_code == 422
    assert not HandOver.objects.exists()
    assert not Question.objects.filter(answered_at__isnull=True).exists()
    assert not sees(cast.partner, request_in_hand)


@pytest.mark.covers("HAND-06")
def test_a_yes_transfers_with_its_proof_and_taking_it_back_closes_the_access(cast, request_in_hand, sign_in):
    propose(cast, request_in_hand, sign_in)
    answer(cast, sign_in, "yes")
    proof = Consent.objects.get(purpose="partner_sharing").proof
    assert proof["recipient"] == "Brücke GmbH"
    assert "Your name" in proof["data"]
    assert propose(cast, request_in_hand, sign_in).status_code == 302
    offer = HandOver.objects.get()
    actions.accept_hand_over(hand_over=offer, by=fresh(cast.partner))
    assert sees(cast.partner, request_in_hand)
    consent = Consent.objects.get(purpose="partner_sharing")
    sign_in(cast.claire).post(reverse("privacy:withdraw_consent", args=[consent.pk]))
    assert not sees(cast.partner, request_in_hand)
    request_in_hand.refresh_from_db()
    assert (request_in_hand.adviser, request_in_hand.team) == (offer.sender, offer.sender.organisation)
    assert Notification.objects.filter(recipient=cast.partner, title__contains="took its consent back").exists()
    assert propose(cast, request_in_hand, sign_in).status_code == 422


def test_close_partner_access_ends_an_offer_that_waits(cast, request_in_hand, sign_in):
    propose(cast, request_in_hand, sign_in)
    answer(cast, sign_in, "yes")
    propose(cast, request_in_hand, sign_in)
    consent = Consent.objects.get(purpose="partner_sharing")
    sign_in(cast.claire).post(reverse("privacy:withdraw_consent", args=[consent.pk]))
    assert HandOver.objects.get().is_accepted is False
    actions.close_partner_access(scope="organisation:7")


def test_a_company_without_an_account_cannot_agree(cast, sign_in):
    Command().handle(verbosity=0)
    request = taken(lead(cast.southern, contact_name="Quelqu'un", region=cast.bretagne))
    with pytest.raises(actions.NobodyToAsk):
        actions.hand_over_lead(
            lead=request, to=cast.partner, team=cast.partner_firm, note="x", by=fresh(request.adviser)
        )
    with pytest.raises(actions.NobodyToAsk):
        actions.ask_partner_consent(lead=request, team=cast.partner_firm, note="x", by=fresh(request.adviser))


def test_the_team_hands_over_to_itself_without_a_question(cast, request_in_hand):
    other = next(person for person in (cast.nour, cast.nina) if person.pk != request_in_hand.adviser_id)
    actions.hand_over_lead(
        lead=request_in_hand, to=other, team=cast.chamber, note="x", by=fresh(request_in_hand.adviser)
    )
    assert HandOver.objects.count() == 1


def test_a_manager_cannot_give_it_to_a_partner_either(cast, request_in_hand, sign_in):
    page = sign_in(cast.manager).post(
        reverse("crm:assign_lead", args=[request_in_hand.pk]), {"email": cast.partner.email}
    )
    assert page.status_code == 422
    assert "never asked" in page.content.decode()
    assert not sees(cast.partner, request_in_hand)
