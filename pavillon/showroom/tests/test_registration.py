"""A buyer abroad registers in English from end to end; what he wrote before is not lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as people
from pavillon.campaigns.tests.factories import campaign
from pavillon.showroom import actions
from pavillon.showroom.actions.buyers import keep_draft
from pavillon.showroom.models import Buyer, Enquiry, EnquiryDraft
from pavillon.showroom.tests import factories

CARD = {
    "company_name": "Comércio Azul",
    "country": "BR",
    "sector": "industry",
    "first_name": "Ana",
    "last_name": "Lima",
    "email": "ana@azul.example",
    "password": "uma-ponte-azul-42",
    "is_professional": "on",
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.covers("LINK-05")
def test_a_buyer_asks_registers_confirms_and_the_question_leaves(cast, client):
    ask = reverse("showroom:send_enquiry", args=[cast.product.pk, cast.product.slug])
    # By the link of a campaign, from the sheet to the form.
    made = campaign(cast.alice.organisation, code="CAP")
    sheet = client.get(cast.product.get_absolute_url(), {"campaign": "CAP"}).content.decode()
    assert f"{ask}?campaign=CAP" in sheet
    page = client.get(ask, {"campaign": "CAP"}).content.decode()
    assert "You write first" in page
    assert 'name="campaign" value="CAP"' in page
    answer = client.post(ask, {"kind": "question", "text": "Does it run at 60 Hz?", "campaign": "CAP"})
    assert answer.url == reverse("showroom:register_buyer")
    # Whoever reads the table of sessions reads nothing of it.
    assert not any("60 Hz" in str(row.get_decoded()) for row in Session.objects.all())
    page = client.get(answer.url).content.decode()
    assert "Your message to Mécanique Iroise is kept" in page
    answer = client.post(reverse("showroom:register_buyer"), CARD)
    assert answer.status_code == 302
    buyer = Buyer.objects.get(user__email="ana@azul.example")
    assert (buyer.country_id, buyer.company_name, buyer.user.language) == ("BR", "Comércio Azul", "en")
    assert buyer.user.role == "buyer"
    assert Enquiry.objects.count() == 0
    assert EnquiryDraft.objects.get().text == "Does it run at 60 Hz?"
    letter = next(letter for letter in mail.outbox if letter.to == ["ana@azul.example"])
    code = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", letter.body, re.MULTILINE).group(1)
    answer = client.post(answer.url, {"code": code}, follow=True)
    enquiry = Enquiry.objects.get()
    assert (enquiry.buyer, enquiry.product, enquiry.state) == (buyer, cast.product, "new")
    assert enquiry.campaign_id == made.pk
    helped = actions.ask_adviser(enquiry=enquiry, text="Que répondre ?", by=cast.ines)
    assert helped.touches.get().campaign == made
    assert enquiry.messages.get().text == "Does it run at 60 Hz?"
    assert not EnquiryDraft.objects.exists()
    assert "My requests to sellers" in answer.content.decode()


@pytest.mark.parametrize("missing", ["country", "company_name", "sector", "email", "is_professional"])
def test_a_professional_says_who_and_where(cast, client, missing):
    answer = client.post(reverse("showroom:register_buyer"), {**CARD, missing: ""})
    assert answer.status_code == 422
    assert missing in answer.context["form"].errors
    assert not Buyer.objects.filter(user__email=CARD["email"]).exists()


def test_a_known_address_is_told_by_letter_only_and_nothing_is_lost(cast, client):
    """The page answers as for a new address; its owner signs in by the letter and finds what he wrote."""
    cache.clear()
    ask = reverse("showroom:send_enquiry", args=[cast.product.pk, cast.product.slug])
    register = reverse("showroom:register_buyer")
    client.post(ask, {"kind": "quote", "text": "A price for five.", "quantity": "5"})
    known = client.post(register, {**CARD, "email": cast.tom.email}, follow=True)
    letter = mail.outbox[-1]
    new = Client().post(register, CARD, follow=True)
    assert (known.status_code, known.redirect_chain) == (new.status_code, new.redirect_chain)
    unlike = (r"\w{64}", re.escape(cast.tom.email), re.escape(CARD["email"]))
    same = [re.sub("|".join(unlike), "", page.content.decode()) for page in (known, new)]
    assert same[0] == same[1]
    assert Buyer.objects.filter(user=cast.tom).count() == 1
    assert letter.to == [cast.tom.email]
    assert letter.subject == "You already have an account"
    sign_in = re.search(r"^http\S+(/account/sign-in-instead/\S*)$", letter.body, re.MULTILINE)[1]
    sign_in = client.get(sign_in).url
    page = client.post(sign_in, {"login": cast.tom.email, "password": people.PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == ask
    assert "A price for five." in page.content.decode()
    client.post(ask, {"kind": "quote", "text": "A price for five.", "quantity": "5"})
    assert Enquiry.objects.get().buyer.user == cast.tom
    assert "A price for five." not in client.get(ask).content.decode()


def test_a_weak_password_is_refused(cast, client):
    answer = client.post(reverse("showroom:register_buyer"), {**CARD, "password": "12345"})
    assert "password" in answer.context["form"].errors


def test_a_draft_about_a_sheet_that_left_the_shelf_is_dropped(cast):
    buyer = factories.buyer("Ana", "JP")
    keep_draft(buyer=buyer, shop=cast.shop, product=cast.product, kind="quote", text="A price, please.")
    actions.withdraw_product(product=cast.product, by=cast.ines)
    assert actions.send_waiting_draft(user=buyer.user) is None
    assert not EnquiryDraft.objects.exists()
    assert not Enquiry.objects.exists()


def test_a_buyer_with_an_account_writes_at_once(cast, client):
    client.force_login(cast.tom)
    ask = reverse("showroom:send_enquiry", args=[cast.product.pk, cast.product.slug])
    client.post(ask, {"kind": "quote", "text": "A price for five, please.", "quantity": 5})
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.quantity, enquiry.country_id) == ("quote", 5, "BR")


def test_people_of_the_team_do_not_write_to_sellers(cast, client):
    client.force_login(cast.helene)
    ask = reverse("showroom:send_enquiry", args=[cast.product.pk, cast.product.slug])
    assert client.post(ask, {"kind": "quote", "text": "A price for five, please."}).status_code == 403


def test_the_past_keeps_the_country_it_came_from(cast, client):
    enquiry = actions.send_enquiry(
        buyer=cast.buyer, shop=cast.shop, product=None, kind="contact", text="Please call me.", by=cast.tom
    )
    client.force_login(cast.tom)
    client.post(
        reverse("showroom_buyer:change_buyer"),
        {
            "company_name": "Azul Japan",
            "country": "JP",
            "sector": "industry",
            "job_title": "",
            "website": "",
            "phone": "",
        },
    )
    cast.buyer.refresh_from_db()
    enquiry.refresh_from_db()
    assert (cast.buyer.country_id, enquiry.country_id) == ("JP", "BR")


def test_the_role_without_a_card_opens_no_buyer_s_page(client, cast):
    """An administrator may give the role before the person has said what he buys for: refused, not broken."""
    person = people.person("Rosa", cast.buyer.organisation, Role.BUYER)
    client.force_login(person)
    for name in ("my_enquiries", "change_buyer"):
        assert client.get(reverse(f"showroom_buyer:{name}")).status_code == 403
    assert client.get("/en/showroom/").status_code == 200
