"""Try an identity provider before people do: what it offers, and whether it knows us. Nobody signs in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _

from pavillon.accounts import oidc
from pavillon.accounts.enums import ClientProof
from pavillon.accounts.models import IdentityProvider
from pavillon.ui.outgoing import RefusedCall


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: whether it is as it should be, and what to do when it is not."""

    is_fine: bool
    text: str


def _reason(error: Exception) -> str:
    """Why a provider could not be asked, in words that lead to a remedy."""
    if isinstance(error, RefusedCall):
        return str(error).rstrip(".")
    if isinstance(error, requests.exceptions.SSLError):
        return _("its certificate is not trusted here")
    if isinstance(error, requests.exceptions.Timeout):
        return _("no answer within %(n)s seconds") % {"n": oidc.SECONDS}
    if isinstance(error, requests.exceptions.ConnectionError):
        return _("no connection: look at the name and at the way out of our network")
    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        return _("it answers %(status)s") % {"status": error.response.status_code}
    return _("what it answers is no JSON")


def try_provider(provider: IdentityProvider, callback: str) -> list[Finding]:
    """Everything that can be known without a person, in the order in which a sign-in would meet it."""
    try:
        config = oidc.configuration(provider)
    except (requests.RequestException, ValueError) as error:
        told = {"issuer": provider.issuer, "reason": _reason(error)}
        return [Finding(False, _("%(issuer)s/.well-known/openid-configuration: %(reason)s.") % told)]
    findings = [Finding(True, _("The provider answers and tells of itself."))]
    said = str(config.get("issuer", ""))
    if said.rstrip("/") != provider.issuer:
        findings.append(Finding(False, _("It calls itself %(said)s: write exactly this as issuer.") % {"said": said}))
    findings += [_try_addresses(config), _try_keys(config), *_try_offers(provider, config)]
    if config.get("token_endpoint"):
        findings.append(_try_credentials(provider, config, callback))
    return findings


def _try_addresses(config: dict[str, Any]) -> Finding:
    names = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"]
    if missing := [name for name in names if not config.get(name)]:
        return Finding(False, _("It does not say: %(names)s.") % {"names": ", ".join(missing)})
    local = {"localhost", "127.0.0.1", "::1"}
    open_ways = [
        name
        for name in names
        if urlsplit(config[name]).scheme != "https" and urlsplit(config[name]).hostname not in local
    ]
    if open_ways:
        return Finding(False, _("Not by https: %(names)s.") % {"names": ", ".join(open_ways)})
    return Finding(True, _("Its addresses are complete."))


def _try_keys(config: dict[str, Any]) -> Finding:
    try:
        keys = oidc.fetch(str(config.get("jwks_uri")))["keys"]
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        return Finding(False, _("Its keys cannot be read: %(reason)s.") % {"reason": _reason(error)})
    return Finding(bool(keys), _("Keys by which it signs: %(n)s.") % {"n": len(keys)})


def _try_offers(provider: IdentityProvider, config: dict[str, Any]) -> list[Finding]:
    """What it says that it supports, against what is written here; what it does not speak of is not held against it."""
    asked = [
        ("scopes_supported", provider.scope.split(), _("It does not offer the scopes %(missing)s.")),
        ("acr_values_supported", provider.acr_values.split(), _("It does not offer the levels %(missing)s.")),
        ("code_challenge_methods_supported", ["S256"], _("It does not offer PKCE with %(missing)s.")),
    ]
    if provider.client_proof == ClientProof.PRIVATE_KEY:
        methods = [ClientProof.PRIVATE_KEY.value]
        asked.append(("token_endpoint_auth_methods_supported", methods, _("It does not accept %(missing)s.")))
    findings = []
    for name, wanted, sentence in asked:
        missing = [each for each in wanted if name in config and each not in config[name]]
        if missing:
            findings.append(Finding(False, sentence % {"missing": ", ".join(missing)}))
    if provider.ends_its_session and not config.get("end_session_endpoint"):
        findings.append(Finding(False, _("It offers no signing out: untick it.")))
    return findings or [Finding(True, _("It offers what is asked here."))]


def _try_credentials(provider: IdentityProvider, config: dict[str, Any], callback: str) -> Finding:
    """A code that cannot be right: who is known is told that the code is wrong, who is not that he is unknown."""
    data = {"grant_type": "authorization_code", "code": "try", "redirect_uri": callback, "code_verifier": "t" * 43}
    auth = None
    methods = config.get("token_endpoint_auth_methods_supported", [])
    if provider.client_proof == ClientProof.PRIVATE_KEY:
        data |= oidc.proof_of_client(provider, config["token_endpoint"])
    elif "client_secret_post" not in methods and "client_secret_basic" in methods:
        auth = (provider.client_id, provider.client_secret)
    else:
        data |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    try:
        with oidc.calls() as session:
            answer = session.post(config["token_endpoint"], data=data, auth=auth, timeout=oidc.SECONDS)
        error = str(answer.json().get("error", ""))
    except (requests.RequestException, ValueError, AttributeError) as problem:
        return Finding(False, _("It cannot be asked whether it knows us: %(reason)s.") % {"reason": _reason(problem)})
    if error == "invalid_grant":
        return Finding(True, _("It knows us: client id and proof are right."))
    if error in ("invalid_client", "unauthorized_client"):
        if provider.client_proof == ClientProof.PRIVATE_KEY:
            return Finding(False, _("It refuses our proof: is our public key registered there under this client id?"))
        return Finding(False, _("It refuses our proof: copy client id and secret again."))
    return Finding(False, _("It answered “%(error)s” to a test of our proof.") % {"error": error or answer.status_code})
