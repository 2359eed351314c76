"""The entrance in a real browser: passkeys from set-up to sign-in, and pages that everybody can use."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from pavillon.accounts import actions
from pavillon.accounts.queries import password_locked_until
from pavillon.accounts.tests.factories import PASSWORD
from pavillon.reference.models import Region
from tests.browser import BY_LOOK, dark_and_narrow

pytestmark = pytest.mark.browser


def enter(page, email):
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def give_authenticator(page):
    """A fingerprint reader of the browser's own making."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.covers("SEC-14")
def test_a_passkey_from_set_up_to_sign_in(cast, open_page):
    cache.clear()
    page = open_page("/account/login/")
    give_authenticator(page)
    enter(page, cast.nour.email)
    page.goto("/account/2fa/webauthn/add/?lang=en")
    page.get_by_label("Name of the key").fill("My computer")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile("2fa/(webauthn/)?$"))
    assert Authenticator.objects.filter(user=cast.nour, type="webauthn").count() == 1
    page.goto("about:blank")  # an answer still on its way to the old page would bring a cookie of its own
    page.context.clear_cookies()
    # Twenty wrong passwords of somebody else do not keep the owner of a passkey out.
    guesser = Client()
    for _try in range(20):
        guesser.post("/account/login/", {"login": cast.nour.email, "password": "wrong wrong wrong"})
    assert password_locked_until(cast.nour.email)
    page.goto("/account/login/?lang=en")
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/account/login/" not in url)
    page.goto("/account/profile/")
    expect(page.locator("input[name=first_name]")).to_have_value("Nour")
    # With the password alone nothing opens; the same key is the second factor.
    actions.lift_suspension(user=cast.nour, by=None)
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto("/account/login/?lang=en")
    enter(page, cast.nour.email)
    page.wait_for_url("**/2fa/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    page.goto("/account/2fa/")
    page.locator("form[action$='/recovery-codes/'] button").click()
    expect(page.locator("main li code")).to_have_count(10)
    assert page.complaints == []


def test_sign_in_works_without_script(cast, open_page):
    cache.clear()
    page = open_page("/account/login/?lang=en", script=False)
    enter(page, cast.nour.email)
    page.goto("/account/sessions/")
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()


def test_what_was_typed_when_the_session_ended_lies_sealed_and_comes_back_to_its_person(cast, open_page):
    cache.clear()
    page = open_page("/account/profile/?lang=en", user=cast.nour)
    page.fill("input[name=first_name]", "Nour-Typed")
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    page.locator("main form:has(input[name=first_name]) button[type=submit]").click()
    page.wait_for_url("**/account/login/**")
    kept = page.evaluate("JSON.stringify({ ...sessionStorage })")
    assert "pavillon.draft" in kept
    assert "Typed" not in kept
    enter(page, cast.nour.email)
    expect(page.locator("input[name=first_name]")).to_have_value("Nour-Typed")
    assert "pavillon.draft" not in page.evaluate("JSON.stringify({ ...sessionStorage })")
    # Ended elsewhere while nobody touches the tab: the page goes away by itself, unsent words are sealed likewise.
    page.fill("input[name=last_name]", "Unsent")
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    page.route("**/live/**", lambda route: route.fulfill(status=401))
    # The page asks again after a while that grows each time.
    page.wait_for_url("**/account/login/**", timeout=90_000)
    assert "Unsent" not in page.evaluate("JSON.stringify({ ...sessionStorage })")
    page.unroute("**/live/**")
    enter(page, cast.nour.email)
    expect(page.locator("input[name=last_name]")).to_have_value("Unsent")
    # Signed in anew in another tab: the form's token is of before, and the error leads back to the form with its words.
    page.fill("input[name=last_name]", "Stale")
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((field) => (field.value = 'b'.repeat(64)))"
    )
    page.locator("main form:has(input[name=last_name]) button[type=submit]").click()
    page.get_by_role("link", name="Back to the form").click()
    expect(page.locator("input[name=last_name]")).to_have_value("Stale")
    # Security asks for a proof while somebody types: after it he stands where he was, with what he had typed.
    page.goto("/leads/new/?lang=en")
    page.fill("input[name=subject]", "Half a sentence")
    actions.demand_proof(user=cast.nour, by=None, reason="habit")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Receive the request").click()
    page.get_by_role("link", name="Enter my password").click()
    page.fill("main input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("input[name=subject]")).to_have_value("Half a sentence")


PAGES = [
    ("admin", "/people/"),
    ("admin", "/people/new/"),
    ("admin", "/people/import/"),
    ("admin", "/organisations/"),
    ("admin", "/regions/53/team/"),
    ("admin", "/correspondents/"),
    ("admin", "/account/providers/new/"),
    ("admin", "/account/sessions/"),
    ("admin", "/account/profile/"),
    ("admin", "/account/2fa/"),
    ("admin", "/account/password/change/"),
    ("claire", "/people/"),
    (None, "/account/login/"),
    (None, "/account/password/reset/"),
]


def test_no_accessibility_finding_in_both_themes_and_widths(cast, open_page, violations):
    actions.compose_shop(region=Region.objects.get(pk="53"), organisations=[cast.chamber, cast.bank], by=None)
    of_admin = [f"/people/{cast.nour.pk}/", f"/organisations/{cast.chamber.pk}/"]
    pages = {}
    for who, path in [*PAGES, *(("admin", path) for path in of_admin)]:
        if who in pages:
            pages[who].goto(path)
        else:
            pages[who] = open_page(path, user=getattr(cast, who) if who else None)
        page = pages[who]
        assert violations(page) == [], path
        with dark_and_narrow(page):
            assert violations(page, BY_LOOK) == [], path
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
        assert page.complaints == [], path
