"""One account of a company opens every area, whichever door it was opened at."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.solutions.tests import factories as solutions

PERSON = {"first_name": "Claire", "last_name": "Le Goff", "email": "claire@example.example"}


@pytest.fixture
def ground(db):
    solutions.places()
    solutions.register()
    solutions.load_content()
    Command().handle(verbosity=0)


@pytest.mark.covers("IDN-08")
def test_an_account_of_a_regional_site_opens_the_shop_without_a_new_sign_in(client, ground):
    """Opened on the site of Bretagne, then straight into the back-office of the shop; and the other way round."""
    door = reverse("solutions:open_account_person", args=[solutions.SIREN])
    client.post(f"{door}?region=bretagne", {**PERSON, "password": solutions.PASSWORD}, follow=True)
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    client.post(reverse("account_email_verification_sent"), {"code": code[1]}, follow=True)

    shop = reverse("showroom_company:apply_for_shop")
    assert client.get(reverse("showroom_company:my_shop")).url == shop, "the back-office, not the sign-in page"
    asked = client.post(shop, {"motivation": "Biscuits for islands"}, follow=True)
    assert [address for address, _status in asked.redirect_chain] == [reverse("showroom_company:my_shop")]
    assert asked.status_code == 200
    for name in ("solutions_company:company_home", "solutions_company:my_path", "crm:my_requests"):
        assert client.get(reverse(name)).status_code == 200

    # One password, one profile: signed out, the same words open the shop first and the regional space after it.
    client.logout()
    asked = client.get(reverse("showroom_company:my_shop"))
    assert asked.status_code == 302
    entered = client.post(asked.url, {"login": PERSON["email"], "password": solutions.PASSWORD}, follow=True)
    assert entered.redirect_chain[-1][0] == reverse("showroom_company:my_shop")
    assert client.get(reverse("solutions_company:company_home")).status_code == 200
    user = User.objects.get(email=PERSON["email"])
    assert user.memberships.count() == 1
    assert User.objects.filter(last_name="Le Goff").count() == 1
