"""What the protocol of sites asks: who a person is to a site, with which key we sign, and which agreement stands."""

import base64
import time
import uuid
from collections.abc import Iterable
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.core.internal import jwkkit
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Membership, User
from pavillon.accounts.queries import ENTERED_AT, last_proof
from pavillon.core.encryption import cipher
from pavillon.core.policy import readable
from pavillon.directory.models import Company
from pavillon.federation.enums import Datum
from pavillon.federation.models import SigningKey, Site, SiteAccess, SiteSession
from pavillon.privacy.queries import may_use

PURPOSE = "site_sign_in"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
SEALED_IN = "federation_signingkey.sealed"


def site_of(client: Client | str) -> Site | None:
    """The site of a client of the protocol, None while it is switched off."""
    return Site.objects.open().select_related("organisation", "client").filter(client=client).first()


def standing_access(site: Site, user: User) -> SiteAccess | None:
    """The person's access to a site while the agreement stands, in the words in which it would be asked today."""
    access = SiteAccess.objects.standing().select_related("consent", "site").filter(site=site, user=user).first()
    if access is None or access.consent.proof.get("terms") != site.terms:
        return None
    return access if may_use(user, PURPOSE, scope=site.scope) else None


def is_agreed(site: Site, user: User, data: Iterable[str]) -> bool:
    """Whether the person agreed already to give these data to this site."""
    access = standing_access(site, user)
    return access is not None and set(data) <= set(access.data)


def asked_data(scopes: Iterable[str]) -> list[str]:
    """The data among the scopes of the protocol, in our order."""
    asked = set(scopes)
    return [datum for datum in Datum.values if datum in asked]


def claims_about(user: User, data: Iterable[str], membership: Membership | None) -> dict[str, Any]:
    """What a site is told of a person, by the names of OpenID Connect; `membership` is the role that he signed in with.

    `company_confirmed` is false for who entered a company by its public number alone.
    """
    asked, claims = set(data), dict[str, Any]()
    if Datum.PROFILE in asked:
        claims |= {
            "name": user.full_name,
            "given_name": user.first_name,
            "family_name": user.last_name,
            "locale": user.language,
        }
    if Datum.EMAIL in asked:
        is_proven = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
        claims |= {"email": user.email, "email_verified": is_proven}
    if Datum.COMPANY in asked and membership is not None:
        claims |= {"organization": membership.organisation.name, "role": membership.role}
        if user.is_company:
            claims["company_confirmed"] = membership.is_confirmed
            company = Company.objects.filter(organisation=membership.organisation).first()
            if company and company.siren and readable(user, company, ["siren"]):
                claims["siren"] = company.siren
    return claims


def claims_in_words(user: User, data: Iterable[str]) -> list[tuple[str, str]]:
    """Each datum with the value that the site would receive now, for the person who is asked."""
    told = []
    for datum in data:
        claims = claims_about(user, [datum], user.acting)
        if datum == Datum.PROFILE:
            value = claims["name"]
        elif datum == Datum.EMAIL:
            value = claims["email"]
        else:
            role = user.acting.get_role_display() if user.acting else ""
            siren = _("SIREN %(siren)s") % {"siren": claims["siren"]} if "siren" in claims else ""
            value = ", ".join(filter(None, [claims.get("organization", ""), siren, role])) or "–"
        told.append((str(Datum(datum).label), value))
    return told


def membership_at(user: User, number: Any) -> Membership | None:
    """The role of that number while it is current; the person then acts in it."""
    found = next((role for role in user.roles_today if role.pk == number), None)
    user.acting = found
    return found


def my_sites(user: User) -> list[SiteAccess]:
    """Where somebody signs in with this account, by his agreement."""
    rows = SiteAccess.objects.visible_to(user).standing()
    return list(rows.select_related("site__organisation", "consent"))


def signing_keys() -> list[PrivateKey]:
    """Our keys, the one that signs first; those that ended are published no longer. Opens while data are locked."""
    rows = SigningKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))
    return [PrivateKey(pem=open_key(row.sealed), issued_at=row.made_at, expires_at=row.ends_at) for row in rows]


def subject_at(site: Site, user: User) -> str:
    """The number by which a site knows a person, "" before he agreed."""
    access = SiteAccess.objects.filter(site=site, user=user).first()
    return access.subject if access else ""


def logout_token(entry: SiteSession) -> str:
    """The signed word that a session is over (OpenID Connect Back-Channel Logout 1.0): for this site, two minutes."""
    key, now = signing_keys()[0], int(time.time())
    jwk, private = jwkkit.load_jwk_from_pem(key.pem)
    claims = {
        "iss": settings.BASE_URL,
        "aud": entry.site.client_id,
        "iat": now,
        "exp": now + 120,
        "jti": uuid.uuid4().hex,
        "sub": subject_at(entry.site, entry.user),
        "sid": entry.sid,
        "events": {LOGOUT_EVENT: {}},
    }
    return jwt.encode(
        {name: value for name, value in claims.items() if value != ""},
        private,
        algorithm="RS256",
        headers={"kid": jwk["kid"], "typ": "logout+jwt"},
    )


def told_sessions(site: Site) -> dict[str, Any]:
    """What became of the sessions that ended: `told`, `waiting` (not told yet), and the `last` failure of these."""
    ended = SiteSession.objects.told_of().filter(site=site)
    waiting = ended.filter(told_at=None)
    last = waiting.exclude(failure="").order_by("-ended_at").first()
    told = ended.exclude(told_at=None)
    return {"told": told.count(), "waiting": waiting.count(), "last": last, "newest": told.order_by("-told_at").first()}


def open_key(sealed: str) -> str:
    return cipher().decrypt(base64.b64decode(sealed), SEALED_IN, for_entrance=True).decode()


def seal_key(pem: str) -> str:
    return base64.b64encode(cipher().encrypt(pem.encode(), SEALED_IN, for_entrance=True)).decode()


def proofs_of_sign_in(request: HttpRequest) -> dict[str, Any]:
    """When and how the person of this session proved himself: `auth_time` (seconds), `amr` (names of RFC 8176)."""
    records = request.session.get("account_authentication_methods", [])
    names = {"password": "pwd", "socialaccount": "fed", "code": "otp", "mfa": "mfa"}
    methods = {names.get(each["method"], each["method"]) for each in records}
    types = {each.get("type") for each in records if each["method"] == "mfa"}
    methods |= {"hwk"} if "webauthn" in types else set()
    methods |= {"otp"} if "totp" in types else set()
    return {"auth_time": int(proved_at(request)), "amr": sorted(methods)}


def proved_at(request: HttpRequest) -> float:
    """When the person of this session proved himself: by the second factor where he used one, else by what he has.

    Seconds; a session that no proof opened (an account that was just made) counts from its beginning, 0 for none.
    """
    proof = last_proof(request.session)
    return proof.timestamp() if proof else float(request.session.get(ENTERED_AT, 0))
