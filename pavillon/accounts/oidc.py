"""What passes between us and identity providers: addresses, keys, and statements that are believed only when signed."""

import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import jwt
import requests
from allauth.core.internal import jwkkit
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from pavillon.accounts.models import IdentityProvider
from pavillon.ui import outgoing

SECONDS = 8
KEPT_SECONDS = 600
ASK_AGAIN_SECONDS = 60
# Never a shared secret: whoever could read our settings could then sign in the provider's name.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
# A statement about signing out is of now: what lies about longer is refused.
LOGOUT_SECONDS = 300
SKEW_SECONDS = 60
# What our session keeps of the one at the provider: {slug, sub, sid, siren, id_token, end}.
PROVIDER_SESSION = "provider_session"


class NotBelieved(Exception):
    """A statement that is not signed by the provider, not for us, or not what it should be; the message says which."""


def new_private_key() -> str:
    pair = rsa.generate_private_key(public_exponent=65537, key_size=settings.SIGNING_KEY_BITS)
    return pair.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_key(provider: IdentityProvider) -> dict[str, Any]:
    """The public half of our key for a provider, as the provider reads it (JWK)."""
    found: dict[str, Any] = jwkkit.load_jwk_from_pem(provider.private_key)[0]
    return found | {"use": "sig", "alg": "RS256"}


def client_assertion(provider: IdentityProvider, audience: str) -> str:
    """Who we are, signed by our key for this one call (RFC 7523)."""
    now = int(time.time())
    told = {
        "iss": provider.client_id,
        "sub": provider.client_id,
        "aud": audience,
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + 60,
    }
    return jwt.encode(told, provider.private_key, algorithm="RS256", headers={"kid": public_key(provider)["kid"]})


def proof_of_client(provider: IdentityProvider, audience: str) -> dict[str, str]:
    """What a call to the token endpoint carries so that the provider knows us."""
    return {
        "client_id": provider.client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": client_assertion(provider, audience),
    }


def calls() -> outgoing.Session:
    """The way to providers: checked places, and those of our own network that the operator named."""
    return outgoing.Session(inner=settings.INNER_PROVIDERS)


def fetch(url: str) -> dict[str, Any]:
    """JSON of a provider. Raises requests.RequestException, ValueError."""
    with calls() as session:
        response = session.get(url, timeout=SECONDS, headers={"Accept": "application/json"})
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    return found


def configuration(provider: IdentityProvider) -> dict[str, Any]:
    """What a provider tells of itself, asked now. Raises requests.RequestException, ValueError."""
    return fetch(f"{provider.issuer}/.well-known/openid-configuration")


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    """Scheme, host and port, whether the port is written or not: another port is another server."""
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def trusted_configuration(provider: IdentityProvider) -> dict[str, Any]:
    """The same, kept for ten minutes, once it is who we think and keeps its keys at home.

    Raises NotBelieved, requests.RequestException, ValueError.
    """
    name = f"oidc-configuration:{provider.issuer}"
    found: dict[str, Any] = cache.get(name) or configuration(provider)
    if str(found.get("issuer", "")).rstrip("/") != provider.issuer.rstrip("/"):
        raise NotBelieved(f"{provider.issuer} calls itself {found.get('issuer')!r}")
    home, keys = urlsplit(provider.issuer), urlsplit(str(found.get("jwks_uri", "")))
    if _place(keys) != _place(home):
        raise NotBelieved(f"the keys of {provider.issuer} are in another place, {keys.netloc}")
    cache.set(name, found, KEPT_SECONDS)
    return found


def _keys(url: str, kid: str | None) -> list[jwt.PyJWK]:
    """The keys that fit, from what is kept; a number that is not there makes us ask again, once a minute at most."""
    name = f"oidc-keys:{url}"
    kept = cache.get(name)
    for _try in range(2):
        if kept is None:
            kept = fetch(url)
            cache.set(name, kept, KEPT_SECONDS)
            cache.set(f"{name}:asked", True, ASK_AGAIN_SECONDS)
        fitting = [key for key in jwt.PyJWKSet.from_dict(kept).keys if not kid or key.key_id == kid]
        if fitting or cache.get(f"{name}:asked"):
            break
        kept = None
    return fitting


def read_statement(
    token: str,
    config: dict[str, Any],
    *,
    audience: str,
    needs: tuple[str, ...] = ("exp", "iat", "iss", "aud", "sub"),
    kinds: tuple[str, ...] = ("", "jwt"),
) -> dict[str, Any]:
    """The claims of a signed statement, checked against the provider's keys, its name and ours.

    `kinds` are the types (`typ`) that its head may tell. Raises NotBelieved.
    """
    try:
        header = jwt.get_unverified_header(token)
        if str(header.get("typ") or "").lower() not in kinds:
            raise NotBelieved(f"it is a statement of another kind: {header.get('typ')!r}")
        fitting = _keys(config["jwks_uri"], header.get("kid"))
        if len(fitting) != 1:
            raise NotBelieved(f"no key {header.get('kid')!r} among those of the provider")
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0].key,
            algorithms=[name for name in ALGORITHMS if name == header.get("alg")],
            audience=audience,
            issuer=config["issuer"],
            leeway=SKEW_SECONDS,
            options={"require": list(needs)},
        )
    except (jwt.PyJWTError, KeyError, ValueError, requests.RequestException) as error:
        raise NotBelieved(str(error)) from error
    return claims


@dataclass(frozen=True)
class SignedOut:
    """Somebody signed out at the provider: the session `sid`, or all of the person `sub`; `jti` names the statement."""

    jti: str
    sub: str
    sid: str


def read_logout_token(provider: IdentityProvider, token: str) -> SignedOut:
    """A statement of back-channel logout. Raises NotBelieved, requests.RequestException, ValueError."""
    claims = read_statement(
        token,
        trusted_configuration(provider),
        audience=provider.client_id,
        needs=("iat", "iss", "aud", "jti"),
        # Older providers name no kind, or the general one; the event below tells it then.
        kinds=("", "jwt", "logout+jwt"),
    )
    if claims["iat"] < time.time() - LOGOUT_SECONDS:
        raise NotBelieved("it is too old")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise NotBelieved("it tells of no signing out")
    if "nonce" in claims:
        raise NotBelieved("it holds a nonce: an identity token is no word about signing out")
    if not claims.get("sub") and not claims.get("sid"):
        raise NotBelieved("it names neither a person nor a session")
    return SignedOut(str(claims["jti"]), str(claims.get("sub") or ""), str(claims.get("sid") or ""))


def leaving_address(request: HttpRequest) -> tuple[str, str]:
    """(where the browser signs out at the provider too, the provider's name), empty when it need not."""
    told = request.session.get(PROVIDER_SESSION) or {}
    provider = IdentityProvider.objects.offered().filter(slug=told.get("slug", ""), ends_its_session=True).first()
    if provider is None or not told.get("end"):
        return "", ""
    query = {
        "id_token_hint": told["id_token"],
        "client_id": provider.client_id,
        "post_logout_redirect_uri": f"{settings.BASE_URL}{reverse('account_login')}",
        "state": uuid.uuid4().hex,
    }
    return f"{told['end']}{'&' if '?' in told['end'] else '?'}{urlencode(query)}", provider.name
