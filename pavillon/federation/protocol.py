"""OpenID Connect towards sites: allauth's checks, and where this house is stricter.

Stricter: addresses of return must be equal to the registered ones letter by letter; PKCE with S256 is asked of every
site; a code lies in the database (every process sees it), serves once, and brings its tokens down when it comes twice;
only the code flow exists, and there are no refresh tokens: a site that wants to know again asks again, and one that was
switched off or refused learns nothing from that moment on.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.core import context
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.server import generate_opaque_token
from allauth.idp.oidc.internal.oauthlib.utils import (
    ValidatorContext,
    convert_response,
    extract_params,
    get_validator_context,
    respond_json_error,
)
from allauth.idp.oidc.internal.tokens import decode_jwt_token
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    IntrospectEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from pavillon.accounts.models import User
from pavillon.federation import actions, queries
from pavillon.federation.models import Site

CODE_SECONDS = 60
# Where a session keeps which requests of sites asked for a new proof, and since when.
WISHES, MOST_WISHES = "site_wishes", 5
USED = "used"


def _session_of(request: Request) -> dict[str, str]:
    """The number by which the site will know this session of ours, {} for one that cannot end apart."""
    site, key = queries.site_of(request.client), context.request.session.session_key
    entry = actions.begin_site_session(site=site, user=request.user, session_key=key) if site and key else None
    return {"sid": entry.sid} if entry else {}


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


class SiteValidator(OAuthLibRequestValidator):
    """What oauthlib asks, answered by the tables."""

    def _lookup_client(self, request: Request, client_id: Any) -> Client | None:
        client = super()._lookup_client(request, client_id) if isinstance(client_id, str) else None
        return client if client and queries.site_of(client) else None

    def validate_redirect_uri(
        self, client_id: Any, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return redirect_uri in request.client.get_redirect_uris()

    def validate_scopes(
        self, client_id: Any, scopes: Any, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return "openid" in scopes and set(scopes) <= set(request.client.get_scopes())

    def is_pkce_required(self, client_id: Any, request: Request) -> bool:
        return True

    # Asked without showing a page (`prompt=none`).

    def validate_silent_login(self, request: Request) -> bool:
        request.user = context.request.user
        return bool(context.request.user.is_authenticated)

    def validate_silent_authorization(self, request: Request) -> bool:
        site = queries.site_of(request.client)
        return bool(site and queries.is_agreed(site, request.user, queries.asked_data(request.scopes)))

    def validate_user_match(self, id_token_hint: Any, scopes: Any, claims: Any, request: Request) -> bool:
        if not id_token_hint or not context.request.user.is_authenticated:
            return not id_token_hint
        return bool(super().validate_user_match(id_token_hint, scopes, None, request))

    # Codes.

    def save_authorization_code(
        self, client_id: Any, code: dict[str, Any], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        membership = request.user.acting
        Token.objects.create(
            type=Token.Type.AUTHORIZATION_CODE,
            hash=_digest(code["code"]),
            client=request.client,
            user=request.user,
            scopes="\n".join(request.scopes),
            expires_at=timezone.now() + timedelta(seconds=CODE_SECONDS),
            data={
                "redirect_uri": request.redirect_uri,
                "code": {"nonce": request.nonce} if getattr(request, "nonce", None) else {},
                "scopes": list(request.scopes),
                "pkce": {
                    "code_challenge": request.code_challenge,
                    "code_challenge_method": request.code_challenge_method,
                },
                "membership": membership.pk if membership else None,
                **_session_of(request),
                **queries.proofs_of_sign_in(context.request),
            },
        )

    def _code_row(self, client_id: Any, code: Any) -> Token | None:
        """The row of a code that is being exchanged; a second request waits until the first is done."""
        rows = Token.objects.select_for_update(of=("self",)).select_related("user")
        return rows.filter(type=Token.Type.AUTHORIZATION_CODE, client=client_id, hash=_digest(str(code))).first()

    def _lookup_authorization_code(self, request: Request, client_id: str, code: str) -> dict[str, Any] | None:
        cache = get_validator_context().codes
        if (client_id, code) not in cache:
            row = self._code_row(client_id, code)
            cache[client_id, code] = row.data if row else None
        return cache[client_id, code]

    def validate_code(
        self, client_id: Any, code: Any, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        row, site = self._code_row(client_id, code), queries.site_of(client)
        if row is None or row.user is None or site is None:
            return False
        if row.data.get(USED):
            actions.refuse_replay(site=site, user=row.user)
            return False
        is_late = row.expires_at is None or row.expires_at <= timezone.now()
        user = User.objects.get(pk=row.user.pk)
        if is_late or not user.is_active or user.is_suspended:
            return False
        if not queries.is_agreed(site, user, queries.asked_data(row.data["scopes"])):
            return False
        request.user, request.scopes, request.claims = user, row.data["scopes"], None
        request.code_challenge = row.data["pkce"]["code_challenge"]
        request.code_challenge_method = row.data["pkce"]["code_challenge_method"]
        get_validator_context().codes[client_id, code] = row.data
        return True

    def invalidate_authorization_code(
        self, client_id: Any, code: Any, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """The code stays for a day as a used one: who brings it again gives himself away."""
        row, site = self._code_row(client_id, code), queries.site_of(request.client)
        if row and site:
            row.data[USED] = True
            row.expires_at = timezone.now() + timedelta(days=1)
            row.save(update_fields=["data", "expires_at"])
            actions.enter_site(site=site, user=request.user)

    # Tokens.

    def _prep_access_token(self, ctx: ValidatorContext, token: dict[str, Any], request: Request) -> Token:
        row: Token = super()._prep_access_token(ctx, token, request)
        noted: dict[str, Any] = next((code for code in ctx.codes.values() if code), {})
        row.data = {**(row.data or {}), "membership": noted.get("membership")}
        return row

    def validate_bearer_token(self, token: str, scopes: Any, request: Request) -> bool:
        if not super().validate_bearer_token(token, scopes, request):
            return False
        return queries.site_of(request.client) is not None and not request.user.is_suspended

    def revoke_token(self, token: str, token_type_hint: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """A site ends its own tokens, never another's."""
        Token.objects.by_value(token).filter(client=request.client, type=Token.Type.ACCESS_TOKEN).delete()


class SiteServer(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint, IntrospectEndpoint, UserInfoEndpoint):
    """The code flow with PKCE, and nothing else."""

    def __init__(self) -> None:
        validator = SiteValidator()
        grant = AuthorizationCodeGrant(validator)
        grant.proxy_target.refresh_token = False
        grant.proxy_target._code_challenge_methods = {"S256": code_challenge_method_s256}
        bearer = BearerToken(validator, generate_opaque_token, settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN)
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", response_types={"code": grant}, default_token_type=bearer
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={"authorization_code": grant},
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, validator, supported_token_types=["access_token"])
        IntrospectEndpoint.__init__(self, validator, supported_token_types=["access_token"])
        UserInfoEndpoint.__init__(self, validator)


@dataclass(frozen=True)
class Asked:
    """A checked request of a site: who asks for what, and how the person shall be asked."""

    site: Site
    scopes: list[str]
    data: list[str]
    prompt: frozenset[str]
    max_age: int | None
    redirect_uri: str
    state: str
    # A digest of the request as the site wrote it.
    mark: str

    @property
    def is_silent(self) -> bool:
        return "none" in self.prompt

    def wants_new_proof(self, request: HttpRequest) -> bool:
        """Whether the person signed in too long ago for this site: before this very request asked, once it did."""
        proved, wish = queries.proved_at(request), request.session.get(WISHES, {}).get(self.mark)
        if wish is not None:
            return proved < wish
        return "login" in self.prompt or (self.max_age is not None and time.time() - proved > self.max_age)

    def note_wish(self, request: HttpRequest) -> None:
        """Remember since when this request asks for a new proof; an earlier one does not fulfil it."""
        if "login" in self.prompt or self.max_age is not None:
            wishes = request.session.get(WISHES, {})
            newest = dict(list(wishes.items())[-MOST_WISHES + 1 :])
            request.session[WISHES] = {**newest, self.mark: wishes.get(self.mark, time.time())}

    def forget_wish(self, request: HttpRequest) -> None:
        """The request has its answer: the same one sent again asks anew."""
        if self.mark in request.session.get(WISHES, {}):
            del request.session[WISHES][self.mark]
            request.session.modified = True

    def refusal(self, error: str = "access_denied") -> str:
        """Where the browser goes with a no."""
        answer = {"error": error} | ({"state": self.state} if self.state else {})
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(answer)}"


def read_asked(request: HttpRequest) -> Asked:
    """What a site asks by the address that it sent the browser to.

    Raises FatalClientError when it cannot be answered there (who asks, or the way back, is wrong), OAuth2Error when it
    can.
    """
    uri, _method, _body, headers = extract_params(request)
    scopes, told = SiteServer().validate_authorization_request(uri, "GET", "", headers)
    site = queries.site_of(told["request"].client)
    assert site is not None  # the validator found it a moment ago
    age = request.GET.get("max_age", "")
    return Asked(
        site=site,
        scopes=list(scopes),
        data=queries.asked_data(scopes),
        prompt=frozenset(told.get("prompt") or ()),
        max_age=int(age) if age.isdecimal() and len(age) < 12 else None,
        redirect_uri=told["redirect_uri"],
        state=told.get("state") or "",
        mark=_digest(urlencode(sorted(pair for pair in request.GET.items() if pair[0] != "lang"))),
    )


def way_back(request: HttpRequest, asked: Asked) -> str:
    """The address of return, with the code by which the site learns who the person is. Raises OAuth2Error."""
    uri, _method, _body, headers = extract_params(request)
    answer, _body, _status = SiteServer().create_authorization_response(
        uri, "GET", "", headers, scopes=asked.scopes, credentials={"user": request.user}
    )
    return str(answer["Location"])


def answer_site(request: HttpRequest, call: Callable[..., Any]) -> HttpResponse:
    """What a site's server is answered; `call(server)` is the method of SiteServer. One transaction."""
    try:
        with transaction.atomic():
            return convert_response(*call(SiteServer())(*extract_params(request)))
    except OAuth2Error as error:
        return respond_json_error(request, error)


def discovery() -> dict[str, Any]:
    """What we tell of ourselves at /.well-known/openid-configuration."""

    def address(name: str) -> str:
        return f"{settings.BASE_URL}{reverse(f'federation:{name}')}"

    return {
        "issuer": settings.BASE_URL,
        "authorization_endpoint": address("authorize"),
        "token_endpoint": address("token"),
        "userinfo_endpoint": address("userinfo"),
        "jwks_uri": address("public_keys"),
        "revocation_endpoint": address("revoke_token"),
        "introspection_endpoint": address("introspect_token"),
        "end_session_endpoint": address("leave_site"),
        "scopes_supported": ["openid", "profile", "email", "company"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_supported": [
            "sub", "sid", "auth_time", "amr", "name", "given_name", "family_name", "locale", "email", "email_verified",
            "organization", "siren", "role", "company_confirmed",
        ],
        "ui_locales_supported": ["fr", "en"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }  # fmt: skip


@dataclass(frozen=True)
class Leaving:
    """A site sends somebody who signed out there: the site when it is known, and where to go afterwards."""

    site: Site | None
    address: str


def read_leaving(request: HttpRequest) -> Leaving:
    """By `client_id` or `id_token_hint`; an address that the site did not register is not gone to."""
    hint = decode_jwt_token(request.GET.get("id_token_hint", ""), verify_exp=False, verify_iss=True) or {}
    named = request.GET.get("client_id") or hint.get("aud") or ""
    site = queries.site_of(named) if named and hint.get("aud", named) == named else None
    address, state = request.GET.get("post_logout_redirect_uri", ""), request.GET.get("state", "")
    if site is None or address not in site.leaving_uris:
        return Leaving(site, "")
    more = f"{'&' if '?' in address else '?'}{urlencode({'state': state})}" if state else ""
    return Leaving(site, f"{address}{more}")
