"""Sign-in and sign-out at an identity provider: allauth's dance with stricter steps, and what providers ask of us."""

from allauth.account.views import logout
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from requests import RequestException

from pavillon.accounts import actions, oidc, queries
from pavillon.accounts.adapters import NONCE
from pavillon.accounts.enums import ClientProof
from pavillon.accounts.models import IdentityProvider
from pavillon.core.views import public
from pavillon.ui.limits import limited


class ProofByKey(OAuth2Client):
    """Exchanges the code with our signature instead of a secret (private_key_jwt)."""

    provider: IdentityProvider

    def get_access_token(self, code, pkce_code_verifier=None, extra_data=None):
        proof = oidc.proof_of_client(self.provider, self.access_token_url)
        return super().get_access_token(code, pkce_code_verifier, {**(extra_data or {}), **proof})


class ProviderDance(OpenIDConnectOAuth2Adapter):
    """allauth's dance; a statement is believed only when its signature, its reader and its level are right."""

    @property
    def row(self):
        return self.get_provider().app.settings["row"]

    @property
    def openid_config(self):
        """Who tells of himself under another name, or keeps his keys elsewhere, is asked nothing."""
        if not hasattr(self, "_openid_config"):
            try:
                self._openid_config = oidc.trusted_configuration(self.row)
            except oidc.NotBelieved as error:
                raise OAuth2Error(str(error)) from error
        return self._openid_config

    def get_client(self, request, app):
        client = super().get_client(request, app)
        if self.row.client_proof != ClientProof.PRIVATE_KEY:
            return client
        client.__class__, client.provider = ProofByKey, self.row
        client.consumer_secret, client.basic_auth = "", False
        return client

    def complete_login(self, request, app, token, **kwargs):
        try:
            identity = oidc.read_statement(
                kwargs["response"].get("id_token") or "", self.openid_config, audience=app.client_id
            )
            person = self._fetch_user_info(token.token)
        except oidc.NotBelieved as error:
            raise OAuth2Error(f"The identity token is not believed: {error}") from error
        self._check(identity, person)
        self._keep(identity, person, kwargs["response"]["id_token"])
        return self.get_provider().sociallogin_from_response(request, {"userinfo": person, "id_token": identity})

    def _fetch_user_info(self, access_token):
        """Some providers (ProConnect) sign what they say of a person; the signature is checked against their keys."""
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            response.raise_for_status()
        if not response.headers.get("Content-Type", "").startswith("application/jwt"):
            claims = response.json()
        else:
            claims = oidc.read_statement(
                response.text.strip(), self.openid_config, audience=self.row.client_id, needs=("iss", "aud", "sub")
            )
        # ProConnect's name for the family name.
        claims.setdefault("family_name", claims.get("usual_name", ""))
        if self.row.vouches_for_address:
            claims.setdefault("email_verified", True)
        return claims

    def _check(self, identity, person):
        """The token answers the request that this browser made, tells of the same person, at a level that we asked."""
        sent = self.request.session.pop(NONCE, None)
        if not sent or identity.get("nonce") != sent:
            raise OAuth2Error("The nonce of the identity token is not the one that was sent")
        if person.get("sub") != identity["sub"]:
            raise OAuth2Error("The provider tells of two different people")
        levels = self.row.acr_values.split()
        if levels and identity.get("acr") not in levels:
            raise ImmediateHttpResponse(redirect("accounts:unknown_identity", reason="level"))

    def _keep(self, identity, person, id_token):
        digits = "".join(sign for sign in str(person.get(self.row.siret_claim) or "") if sign.isdigit())
        self.request.session[oidc.PROVIDER_SESSION] = {
            "slug": self.row.slug,
            "sub": identity["sub"],
            "sid": identity.get("sid") or "",
            "siren": digits[:9] if len(digits) in (9, 14) else "",
            "id_token": id_token if self.row.ends_its_session else "",
            "end": self.openid_config.get("end_session_endpoint") or "" if self.row.ends_its_session else "",
        }


def _dance(view, request, provider_id):
    try:
        return view.adapter_view(ProviderDance(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        # Switched off, or never there: the same answer.
        raise Http404 from None


@public
@limited("60/m", person="30/15m")
@never_cache
def begin_sign_in(request, provider_id):
    """A page that goes on to the provider: our policy lets no form lead to another site, through a redirect neither."""
    request.session[NONCE] = get_random_string(32)
    answer = _dance(OAuth2LoginView, request, provider_id)
    if not answer.has_header("Location") or answer["Location"].startswith("/"):
        return answer
    name = ProviderDance(request, provider_id).get_provider().name
    return render(request, "accounts/begin_sign_in.html", {"address": answer["Location"], "name": name})


@public
@limited("60/m", person="30/15m")
@never_cache
def finish_sign_in(request, provider_id):
    return _dance(OAuth2CallbackView, request, provider_id)


@public
@never_cache
def sign_out(request):
    """allauth's page; whoever came through a provider that wishes it goes on there to sign out too."""
    address, name = oidc.leaving_address(request)
    answer = logout(request)
    if request.method == "POST" and address:
        return render(request, "accounts/begin_sign_out.html", {"address": address, "name": name})
    return answer


@public
@csrf_exempt
@limited("120/m", person="120/m")
@never_cache
@require_POST
def provider_signed_out(request, provider_id):
    """A provider's server says that somebody signed out there (back-channel logout)."""
    provider = queries.offered_provider(provider_id)
    if provider is None:
        raise Http404
    try:
        told = oidc.read_logout_token(provider, request.POST.get("logout_token", ""))
        actions.end_provider_sessions(provider=provider, jti=told.jti, sub=told.sub, sid=told.sid)
    except (oidc.NotBelieved, actions.AlreadyUsed, RequestException, ValueError, KeyError) as error:
        return JsonResponse({"error": "invalid_request", "error_description": str(error)[:200]}, status=400)
    return HttpResponse(status=200)


@public
def provider_keys(request, provider_id):
    """The public half of the key by which we prove ourselves to a provider."""
    provider = queries.offered_provider(provider_id, also_off=True)
    if provider is None or not provider.private_key:
        raise Http404
    return JsonResponse({"keys": [oidc.public_key(provider)]})
