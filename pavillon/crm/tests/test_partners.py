"""A private partner receives a request only with the company's agreement, and loses it with it."""

import pytest
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions
from pavillon.crm.models import HandOver, Lead
from pavillon.crm.tests.factories import fresh, lead, rule, taken
from pavillon.directory.models import Company
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


@pytest.fixture
def rule_to_the_partner(cast):
    Command().handle(verbosity=0)
    return rule(by=cast.henri, name="Allemagne", kind="mission", organisation=cast.partner_firm, adviser=cast.partner)


@pytest.mark.covers("HAND-01")
def test_a_rule_that_leads_to_a_partner_goes_round_him_until_the_company_agrees(cast, rule_to_the_partner, sign_in):
    """Refuse: nothing leaves. Accept: the transfer, with its proof."""
    request = lead(cast.atelier, kind="mission", requested_by=cast.claire, message="Trouver un agent")
    assert request.team.kind != "partner"
    assert not sees(cast.partner, request)
    page = sign_in(fresh(request.adviser)).get(request.get_absolute_url()).text
    assert "“Brücke GmbH” is a private partner" in page
    assert "after its yes, propose it" in page
    answer(cast, sign_in, "no")
    assert propose(cast, request, sign_in).status_code == 422
    assert not sees(cast.partner, request)
    again = lead(cast.atelier, kind="mission", requested_by=cast.claire, message="Un autre agent")
    answer(cast, sign_in, "yes")
    told = Notification.objects.filter(recipient=again.adviser, kind="privacy.consent_answered")
    assert [note.title.endswith("accepts: Brücke GmbH") for note in told][-1:] == [True]
    assert propose(cast, again, sign_in).status_code == 302
    actions.accept_hand_over(hand_over=HandOver.objects.get(), by=fresh(cast.partner))
    assert sees(cast.partner, again)
    assert Consent.objects.get(scope__endswith=f":lead:{again.pk}").proof["recipient"] == "Brücke GmbH"


def test_a_partner_who_is_the_referent_is_passed_over_too(cast, rule_to_the_partner):
    actions.set_referent(company=cast.southern, adviser=cast.partner, organisation=cast.partner_firm, by=cast.henri)
    request = lead(cast.southern)
    assert request.team.kind != "partner"
    assert not Question.objects.exists(), "nobody of this company can be asked"
    assert "partenaire privé" in request.routing_reason[0]


def test_what_was_detected_without_the_company_asks_it_nothing(cast, rule_to_the_partner):
    lead(cast.atelier, kind="mission", origin="watch")
    assert not Question.objects.exists()


@pytest.mark.parametrize("known", ["company", "siren"])
def test_a_visitor_who_names_a_company_makes_the_platform_ask_nobody(cast, rule_to_the_partner, known, sign_in):
    """The yes of the company's manager would open the visitor's message to the partner: the adviser decides."""
    Company.objects.filter(pk=cast.atelier.pk).update(siren="552100554")
    named = {"company": {"company": cast.atelier}, "siren": {"siren": "552100554"}}[known]
    request = lead(kind="mission", contact_name="Un passant", message="Trouver un agent", **named)
    assert request.company == cast.atelier
    assert not Question.objects.exists()
    page = sign_in(fresh(request.adviser)).get(request.get_absolute_url()).text
    assert "“Brücke GmbH” is a private partner" in page
    assert "The company was asked" not in page


def test_the_trail_does_not_say_that_the_adviser_asked(cast, rule_to_the_partner):
    request = lead(cast.atelier, kind="mission", requested_by=cast.claire, message="Trouver un agent")
    question = Question.objects.get()
    assert question.asked_by == request.adviser, "he learns of the answer"
    assert Entry.objects.about(question).get(verb="privacy.consent_asked").actor is None
    again = actions.ask_partner_consent(
        lead=lead(cast.atelier, requested_by=cast.claire), team=cast.partner_firm, note="x", by=cast.nour
    )
    assert again.asked_by == cast.nour
    assert Entry.objects.about(again).get(verb="privacy.consent_asked").actor == cast.nour


@pytest.mark.parametrize("sender", ["visitor", "claire"])
def test_an_identified_company_whose_referent_is_a_partner_leaves_the_request_where_it_is(cast, sender):
    Command().handle(verbosity=0)
    who = cast.claire if sender == "claire" else None
    request = lead(company_name="Atelier du Ponant", commune=cast.quimper, requested_by=who)
    holder = request.adviser
    actions.set_referent(company=cast.atelier, adviser=cast.partner, organisation=cast.partner_firm, by=cast.henri)
    request = actions.match_lead(lead=request, company=cast.atelier, by=fresh(holder))
    assert (request.company, request.adviser) == (cast.atelier, holder)
    assert [why["code"] for why in request.routing].count("partner_unasked") == 1
    assert [row.asked_by for row in Question.objects.all()] == ([holder] if who else [])
    assert request.steps.filter(step="assigned").count() == 1
