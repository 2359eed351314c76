"""The second factor: a phone's codes, recovery codes, and the roles that must have one."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pavillon.accounts.tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()
    yield
    cache.clear()


def code_now(secret, later=0):
    counter = next(iter(yield_hotp_counters_from_time())) + later
    return format_hotp_value(hotp_value(secret, counter))


def enter(client, user):
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def set_up(client):
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    return secret


@pytest.mark.covers("SEC-14")
def test_codes_of_a_phone_from_set_up_to_sign_in(cast, client):
    enter(client, cast.nour)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    # The picture obeys the security policy: a data address, no script.
    assert 'src="data:image/svg+xml' in page
    secret = set_up(client)
    assert Authenticator.objects.filter(user=cast.nour, type="totp").exists()
    assert secret not in str(Authenticator.objects.get(type="totp").data)

    second = Client()
    answer = second.post("/account/login/", {"login": cast.nour.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert second.get("/account/profile/").status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    cache.clear()
    assert second.post(reverse("mfa_authenticate"), {"code": code_now(secret, later=1)}).status_code == 302
    assert second.get("/account/profile/").status_code == 200


def test_a_recovery_code_opens_once(cast, client):
    enter(client, cast.nour)
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.search(r"\b(\d{8}|[0-9a-f]{4}-?[0-9a-f]{4})\b", page[page.index("<textarea") :]).group(1)
    for expected in (302, 200):
        other = Client()
        enter(other, cast.nour)
        assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected
        cache.clear()


def test_officers_must_set_one_up_where_it_is_demanded(cast, client, settings):
    settings.REQUIRE_MFA = True
    enter(client, cast.security)
    answer = client.get("/people/")
    assert answer.status_code == 302
    assert answer.url == reverse("mfa_index")
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "second factor" in page.content.decode().lower()
    set_up(client)
    assert client.get("/people/").status_code == 200
    # The one that the role demands cannot be taken off again.
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=cast.security, type="totp").exists()
    # Others are not asked.
    assert enter(Client(), cast.manager).get("/people/").status_code == 200


def test_a_demonstration_says_that_it_does_not_ask(cast, client, settings):
    settings.REQUIRE_MFA = False
    enter(client, cast.security)
    assert client.get("/people/").status_code == 200
    assert "does not demand it" in client.get(reverse("mfa_index")).content.decode()
