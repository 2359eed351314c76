"""Sign-in at an identity provider: allauth's dance, with a nonce and with answers that come as signed tokens."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404
from django.shortcuts import render
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache

from pavillon.accounts.adapters import NONCE
from pavillon.core.views import public
from pavillon.ui.limits import limited


class ProviderDance(OpenIDConnectOAuth2Adapter):
    """Some providers (ProConnect) sign what they say of a person; the signature is checked against their keys."""

    def _fetch_user_info(self, access_token):
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            response.raise_for_status()
        if not response.headers.get("Content-Type", "").startswith("application/jwt"):
            return response.json()
        claims = jwtkit.verify_and_decode(
            credential=response.text.strip(),
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=self.get_provider().app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        # ProConnect's name for the family name.
        claims.setdefault("family_name", claims.get("usual_name", ""))
        return claims

    def _decode_id_token(self, app, id_token):
        """The token must answer the request that this browser made."""
        claims = super()._decode_id_token(app, id_token)
        if claims.get("nonce") != self.request.session.pop(NONCE, None):
            raise OAuth2Error("The nonce of the identity token is not the one that was sent")
        return claims


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
