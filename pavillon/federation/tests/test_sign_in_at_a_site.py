"""A regional council's site signs people in with their account of the platform, from registration to revocation.

The site is a small relying party by hand: discovery, PKCE, the code for tokens, the signature against our keys.
"""

from urllib.parse import urlencode

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pavillon.accounts import actions as accounts
from pavillon.accounts.tests.factories import PASSWORD
from pavillon.directory.tests.factories import stage
from pavillon.federation import actions, tasks
from pavillon.federation.models import SigningKey, Site, SiteAccess
from pavillon.federation.tests.sites import BACK, FORM, LEFT, RelyingParty, agreed, enter, register, trail
from pavillon.privacy import actions as privacy
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent


@pytest.mark.covers("IDN-10")
def test_a_company_signs_in_at_a_registered_regional_site(cast, client, django_assert_max_num_queries):
    site, secret = register(cast, client)
    assert secret not in client.get(reverse("federation:change_site", args=[site.pk])).content.decode()
    visitor = Client(headers={"accept-language": "en"})
    party = RelyingParty(site.client_id, secret, visitor)

    # A stranger signs in first, and comes back to the question.
    answer = party.ask()
    assert answer.url.startswith("/account/login/?next=")
    signed_in = visitor.post(answer.url, {"login": cast.claire.email, "password": PASSWORD, "next": party.address})
    assert signed_in.url == party.address
    with django_assert_max_num_queries(30):
        page = visitor.get(party.address).content.decode()
    for told in ("Bretagne export", "Région Bretagne", FORM["purpose_en"], "Claire Test", "claire@example.example",
                 "Atelier du Ponant", "900001116"):  # fmt: skip
        assert told in page, told
    assert "ouvrir votre dossier" in visitor.get(f"{party.address}&lang=fr").content.decode().lower()

    code = party.came_back(party.ask("yes"))["code"]
    answer = party.exchange(code)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert "refresh_token" not in told
    claims = party.read(told["id_token"])
    assert {"pwd"} <= set(claims["amr"])
    assert claims["siren"] == "900001116"
    assert (claims["email"], claims["email_verified"]) == ("claire@example.example", True)
    assert (claims["organization"], claims["role"], claims["company_confirmed"]) == (
        "Atelier du Ponant", "company_manager", True,
    )  # fmt: skip
    # The number says nothing of the account, and is the same at the next sign-in, which asks nothing more.
    assert claims["sub"] != str(cast.claire.pk)
    again = party.exchange(party.came_back(party.ask())["code"]).json()
    assert party.read(again["id_token"])["sub"] == claims["sub"]
    assert party.userinfo(again["access_token"]).json()["given_name"] == "Claire"
    assert party.call("introspection", {"token": again["access_token"]}).json()["active"] is True
    proof = Consent.objects.get(purpose="site_sign_in").proof
    assert proof["recipient"] == "Bretagne export (Région Bretagne)"
    assert len(proof["data"]) == 3
    assert "site" in proof["text_en"]
    assert trail("federation.site_entered").count() == 2
    # One datum more, or another reason, asks again.
    actions.change_site(site=site, by=cast.admin, purpose_en="Something else.")
    assert "Something else." in party.ask().content.decode()
    party.ask("yes")

    # The person sees the site under her name and closes it: nothing opens from that moment on.
    page = visitor.get(reverse("federation:my_sites")).content.decode()
    assert "Bretagne export" in page
    token = party.exchange(party.came_back(party.ask())["code"]).json()["access_token"]
    waiting = party.came_back(party.ask())["code"]
    access = SiteAccess.objects.get()
    other = enter(cast.official)
    assert other.post(reverse("federation:revoke_access", args=[access.pk])).status_code == 404
    assert visitor.post(reverse("federation:revoke_access", args=[access.pk])).status_code == 302
    assert party.userinfo(token).status_code == 401
    assert party.call("introspection", {"token": token}).json() == {"active": False}
    assert party.exchange(waiting).json()["error"] == "invalid_grant"
    assert visitor.get(reverse("federation:my_sites")).context["accesses"] == []
    assert "Agree and go on" in party.ask().content.decode()
    assert trail("federation.access_closed").exists()


def test_a_code_serves_once_and_betrays_who_brings_it_again(cast, client):
    _site, party, code = agreed(cast, client)
    assert party.exchange(code, code_verifier="x" * 50).json()["error"] == "invalid_grant"
    assert party.exchange(code, redirect_uri=f"{BACK}&more=1").json()["error"] == "invalid_request"
    token = party.exchange(code).json()["access_token"]
    assert party.userinfo(token).status_code == 200
    assert party.exchange(code).json()["error"] == "invalid_grant"
    assert party.userinfo(token).status_code == 401
    assert trail("federation.code_replayed").count() == 1
    # Another site cannot spend this site's codes, nor ask about its tokens.
    other, secret = actions.create_site(
        name="Other", organisation=cast.council, address="https://o.example/", purpose_fr="x", purpose_en="x",
        data=["profile"], redirect_uris=["https://o.example/back"], by=cast.admin,
    )  # fmt: skip
    code = party.came_back(party.ask())["code"]
    stranger = RelyingParty(other.client_id, secret, party.browser)
    stranger.verifier, stranger.back = party.verifier, BACK
    assert stranger.exchange(code).status_code == 400
    token = party.exchange(code).json()["access_token"]
    assert stranger.call("introspection", {"token": token}).json() == {"active": False}
    stranger.call("revocation", {"token": token})
    assert party.userinfo(token).status_code == 200
    party.call("revocation", {"token": token})
    assert party.userinfo(token).status_code == 401
    # The two sites know her under different numbers.
    stranger.back, stranger.scope = "https://o.example/back", "openid profile"
    stranger.came_back(stranger.ask("yes"))
    assert len(set(SiteAccess.objects.values_list("subject", flat=True))) == 2
    tasks.forget_tokens(0)


def test_what_a_site_may_not_ask(cast, client):
    site, secret = register(cast, client, data=["profile"])
    party = RelyingParty(site.client_id, secret, enter(cast.claire), scope="openid profile")
    # Answered here, since the way back is not to be trusted.
    for wrong in (
        {"redirect_uri": BACK.replace("oidc", "OIDC")},
        {"redirect_uri": f"{BACK}&x=1"},
        {"redirect_uri": "https://evil.example/"},
        {"client_id": "nobody"},
    ):
        assert party.ask(**wrong).status_code == 400, wrong
    # Answered to the site.
    for error, wrong in (
        ("invalid_request", {"code_challenge": None}),
        ("invalid_request", {"code_challenge_method": "plain"}),
        ("invalid_request", {"code_challenge_method": None}),
        ("invalid_scope", {"scope": "openid profile email"}),
        ("invalid_scope", {"scope": "profile"}),
        ("unsupported_response_type", {"response_type": "token"}),
        ("consent_required", {"prompt": "none"}),
    ):
        assert party.came_back(party.ask(**wrong))["error"] == error, wrong
    assert party.came_back(party.ask("no"))["error"] == "access_denied"
    assert not SiteAccess.objects.exists()
    claims = party.read(party.exchange(party.came_back(party.ask("yes"))["code"]).json()["id_token"])
    assert "email" not in claims
    assert "siren" not in claims
    assert "code" in party.came_back(party.ask(prompt="none"))
    assert "Agree and go on" in party.ask(prompt="consent").content.decode()
    session = party.browser.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 600
    session.save()
    assert party.ask(max_age="60").url.startswith("/account/reauthenticate/?next=")
    assert party.came_back(party.ask(max_age="60", prompt="none"))["error"] == "login_required"
    assert "code" in party.came_back(party.ask(max_age="3600", prompt="none"))
    # Whether that page was passed is seen, not believed; the same request sent again later asks anew.
    asked = party.ask(max_age="60")
    assert party.browser.get(party.address).url == asked.url
    assert party.browser.post(asked.url, {"password": PASSWORD}).url == party.address
    assert "code" in party.came_back(party.browser.get(party.address))
    for odd in ("²", "-1", "9" * 5000):
        assert party.ask(max_age=odd).status_code == 200, odd
    stranger = RelyingParty(site.client_id, secret, Client(), scope="openid profile")
    assert stranger.came_back(stranger.ask(prompt="none"))["error"] == "login_required"
    # A wrong secret, a secret that was renewed, a site that was switched off.
    party.secret, right = "wrong", secret
    assert party.exchange(party.came_back(party.ask())["code"]).status_code == 401
    party.secret = right
    token = party.exchange(party.came_back(party.ask())["code"]).json()["access_token"]
    client.force_login(cast.admin)
    shown = client.post(reverse("federation:renew_secret", args=[site.pk])).context["secret"]
    assert party.userinfo(token).status_code == 401
    assert party.exchange(party.came_back(party.ask())["code"]).status_code == 401
    party.secret = shown
    token = party.exchange(party.came_back(party.ask())["code"]).json()["access_token"]
    off = FORM | {"organisation": cast.council.pk, "data": ["profile"]}
    off.pop("is_enabled")
    assert client.post(reverse("federation:change_site", args=[site.pk]), off).status_code == 302
    assert party.userinfo(token).status_code == 401
    assert party.ask().status_code == 400


def test_a_public_site_proves_itself_by_pkce_alone(cast, client):
    site, secret = register(cast, client, is_confidential="")
    assert secret == ""
    party = RelyingParty(site.client_id, "", enter(cast.claire))
    code = party.came_back(party.ask("yes"))["code"]
    assert party.exchange(code, code_verifier="").status_code == 400
    assert "id_token" in party.exchange(code).json()


def test_closed_accounts_and_withdrawn_consents_close_the_site(cast, client):
    site, party, code = agreed(cast, client)
    token = party.exchange(code).json()["access_token"]
    privacy.withdraw_consent(consent=Consent.objects.get(purpose="site_sign_in"), by=cast.claire)
    assert party.userinfo(token).status_code == 401
    token = party.exchange(party.came_back(party.ask("yes"))["code"]).json()["access_token"]
    accounts.suspend_sign_in(user=cast.claire, until=timezone.now() + timezone.timedelta(days=1), by=cast.security)
    assert party.userinfo(token).status_code == 401
    accounts.lift_suspension(user=cast.claire, by=cast.security)
    token = party.exchange(party.came_back(party.ask())["code"]).json()["access_token"]
    waiting = party.came_back(party.ask())["code"]
    accounts.deactivate_user(user=cast.claire, by=cast.admin)
    assert party.userinfo(token).status_code == 401
    assert party.exchange(waiting).status_code == 400
    actions.forget_access(SiteAccess.objects.get())
    client.force_login(cast.admin)
    assert client.post(reverse("federation:delete_site", args=[site.pk])).status_code == 302
    assert not Site.objects.exists()


def test_signing_out_at_the_site_offers_to_sign_out_here(cast, client):
    _site, party, code = agreed(cast, client)
    told = party.exchange(code).json()
    leave = f"/identity/sign-out?{urlencode({'id_token_hint': told['id_token'], 'post_logout_redirect_uri': LEFT})}"
    assert "Bretagne export" in party.browser.get(leave).content.decode()
    assert LEFT in party.browser.post(leave, {"answer": "stay"}).content.decode()
    assert party.userinfo(told["access_token"]).status_code == 401
    sessions = Session.objects.count()
    evil = leave.replace("bye", "evil")
    assert party.browser.post(evil, {"answer": "leave"}).url == "/account/login/"
    assert Session.objects.count() < sessions


def test_a_renewed_key_signs_and_the_former_is_believed_for_a_day(cast, client):
    _site, party, code = agreed(cast, client)
    token = party.exchange(code).json()["id_token"]
    assert "PRIVATE" not in SigningKey.objects.get().sealed
    client.force_login(cast.security)
    assert client.post(reverse("federation:renew_signing_key")).status_code == 302
    party.read(token)
    nonce = party.nonce
    newer = party.exchange(party.came_back(party.ask())["code"]).json()["id_token"]
    party.read(newer)
    assert jwt.get_unverified_header(newer)["kid"] != jwt.get_unverified_header(token)["kid"]
    SigningKey.objects.exclude(ends_at=None).update(ends_at=timezone.now())
    party.nonce = nonce
    with pytest.raises(KeyError):
        party.read(token)
    tasks.forget_tokens(0)
    assert SigningKey.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uris": "http://export.bretagne.example/back"},
        {"redirect_uris": "https://*.bretagne.example/back"},
        {"redirect_uris": "https://export.bretagne.example/#back"},
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "https://me:secret@export.bretagne.example/"},
        {"redirect_uris": ""},
        {"data": "password"},
    ],
)
def test_addresses_that_cannot_be_registered(cast, client, wrong):
    client.force_login(cast.admin)
    answer = client.post(reverse("federation:create_site"), FORM | {"organisation": cast.council.pk} | wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)


@pytest.mark.browser
def test_the_question_in_a_browser(transactional_db, settings, live_server, open_page, violations):
    """The policy of the page lets the agreement go on to the other site, and everybody can read the question."""
    made = stage()
    Command().handle()
    settings.BASE_URL = live_server.url
    back = live_server.url.replace("localhost", "127.0.0.1") + "/healthz"
    site, _secret = actions.create_site(
        name="Bretagne export", organisation=made.council, address="https://export.bretagne.example/",
        purpose_fr="Ouvrir votre dossier.", purpose_en="Open your file.", data=["profile", "company"],
        redirect_uris=[back], by=made.admin,
    )  # fmt: skip
    query = urlencode({
        "client_id": site.client_id, "redirect_uri": back, "response_type": "code", "scope": "openid profile company",
        "state": "abc", "code_challenge": "x" * 43, "code_challenge_method": "S256",
    })  # fmt: skip
    page = open_page(f"/identity/authorize?{query}", user=made.claire)
    expect(page.get_by_role("heading", name="Sign in at Bretagne export")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Agree and go on").click()
    page.wait_for_url(f"{back}?**")
    assert "code=" in page.url
    assert page.complaints == []
    provider = accounts.create_identity_provider(
        slug="gate", name="Gate", issuer="http://127.0.0.1:9", client_id="us", client_secret="", side="company",
        client_proof="private_key_jwt", by=made.admin,
    )  # fmt: skip
    for who, path in ((made.claire, "/account/sites/"), (made.admin, "/federation/sites/"),
                      (made.admin, f"/federation/sites/{site.pk}/"),
                      (made.admin, f"/account/providers/{provider.pk}/")):  # fmt: skip
        page = open_page(path, user=who, width=390, theme="dark")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
    # The last page leads to the test of the connection; the registration to the secret, shown once.
    page.locator("form[action$='/try/'] button").click()
    page.wait_for_url("**/try/")
    assert violations(page) == []
    page.goto("/federation/sites/new/")
    for name, value in {**FORM, "name": "Second"}.items():
        if name in ("name", "address", "purpose_fr", "purpose_en", "redirect_uris"):
            page.fill(f"[name={name}]", value)
    page.select_option("[name=organisation]", str(made.council.pk))
    assert violations(page) == []
    page.locator("form .actions button[type=submit]").click()
    page.get_by_text("pvs_").wait_for()
    assert violations(page) == []
    assert page.complaints == []
