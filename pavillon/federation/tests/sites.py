"""A regional site that signs people in here: a small relying party by hand."""

import base64
import hashlib
import re
import secrets
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from django.apps import apps
from django.test import Client
from django.urls import reverse

from pavillon.accounts.tests.factories import PASSWORD
from pavillon.federation.models import Site

BACK = "https://export.bretagne.example/oidc/back?from=pavillon"
LEFT = "https://export.bretagne.example/bye"
FORM = {
    "name": "Bretagne export",
    "address": "https://export.bretagne.example/",
    "purpose_fr": "Ouvrir votre dossier d’aide à l’export.",
    "purpose_en": "Open your file for export aid.",
    "data": ["profile", "email", "company"],
    "redirect_uris": BACK,
    "leaving_uris": LEFT,
    "is_confidential": "on",
    "is_enabled": "on",
}


def trail(verb):
    return apps.get_model("activity.Entry").objects.filter(verb=verb)


class RelyingParty:
    """A regional site's server and the browser of its visitor."""

    def __init__(self, client_id, secret, browser, scope="openid profile email company", back=BACK):
        self.server, self.browser, self.back = Client(), browser, back
        self.id, self.secret, self.scope = client_id, secret, scope
        self.about = self.server.get("/.well-known/openid-configuration").json()

    def path(self, name):
        return urlsplit(self.about[f"{name}_endpoint"]).path

    def ask(self, answer=None, **more):
        """Send the browser to us: the answer to the request, or to the form of agreement."""
        self.verifier, self.state, self.nonce = (secrets.token_urlsafe(40) for _each in range(3))
        digest = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.id, "redirect_uri": self.back, "response_type": "code", "scope": self.scope,
            "state": self.state, "nonce": self.nonce, "code_challenge": digest, "code_challenge_method": "S256",
        } | more  # fmt: skip
        asked = {name: value for name, value in asked.items() if value is not None}
        self.address = f"{self.path('authorization')}?{urlencode(asked)}"
        return self.browser.post(self.address, {"answer": answer}) if answer else self.browser.get(self.address)

    def came_back(self, answer):
        """What the browser brings back to the site."""
        address = answer.get("Location") or unescape(re.search(r"url=([^\"]+)\"", answer.content.decode()).group(1))
        assert address.startswith(self.back.partition("?")[0]), address
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert told.get("state", self.state) == self.state
        return told

    def call(self, name, data, **headers):
        named = base64.b64encode(f"{self.id}:{self.secret}".encode()).decode()
        proof = {"authorization": f"Basic {named}"} if self.secret else {}
        more = {} if self.secret else {"client_id": self.id}
        return self.server.post(self.path(name), {**data, **more}, headers={**proof, **headers})

    def exchange(self, code, **more):
        data = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back,
            "code_verifier": self.verifier,
        }  # fmt: skip
        return self.call("token", data | more)

    def read(self, token):
        """The signed statement, checked as a site must check it."""
        keys = {key["kid"]: key for key in self.server.get("/identity/keys").json()["keys"]}
        key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]])
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=self.id, issuer=self.about["issuer"])
        assert claims["nonce"] == self.nonce
        return claims

    def userinfo(self, token):
        return self.server.get(self.path("userinfo"), headers={"authorization": f"Bearer {token}"})


def register(cast, client, **more):
    """Through the administrator's screen: (site, secret as it was shown)."""
    client.force_login(cast.admin)
    answer = client.post(reverse("federation:create_site"), FORM | {"organisation": cast.council.pk} | more)
    assert answer.status_code == 200, answer.context["form"].errors
    return Site.objects.get(), answer.context["secret"]


def enter(user):
    browser = Client(headers={"accept-language": "en"})
    assert browser.post("/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return browser


def agreed(cast, client, **more):
    site, secret = register(cast, client, **more)
    party = RelyingParty(site.client_id, secret, enter(cast.claire))
    return site, party, party.came_back(party.ask("yes"))["code"]
