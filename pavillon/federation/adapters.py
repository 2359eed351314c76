"""What allauth's identity provider asks this house: its name, its keys, and what it tells of a person."""

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings

from pavillon.accounts.models import User
from pavillon.federation import queries
from pavillon.federation.models import SiteAccess


class SiteAdapter(DefaultOIDCAdapter):
    """Subjects are drawn for each site; nothing is told that the person did not agree to."""

    def get_issuer(self) -> str:
        return settings.BASE_URL

    def get_user_sub(self, client: Client, user: Any) -> str:
        access = SiteAccess.objects.filter(site__client=client, user=user.pk).first()
        return access.subject if access else ""

    def get_user_by_sub(self, client: Client, sub: str) -> Any:
        access = SiteAccess.objects.select_related("user").filter(site__client=client, subject=sub).first()
        return access.user if access and access.user.is_active and not access.user.is_shut_out else None

    def get_claims(
        self, purpose: Any, user: Any, client: Client, scopes: Iterable[str], email: str | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        person = User.objects.get(pk=user.pk)
        membership = queries.membership_at(person, self._noted().get("membership"))
        told = queries.claims_about(person, queries.asked_data(scopes), membership)
        return {"sub": self.get_user_sub(client, user), **told}

    def populate_id_token(self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any) -> None:
        noted = self._noted()
        id_token |= {name: noted[name] for name in ("auth_time", "amr", "sid") if name in noted}

    def _noted(self) -> dict[str, Any]:
        """What was noted when the person agreed: with the code at the exchange, with the token afterwards."""
        context = get_validator_context()
        codes = [code for code in context.codes.values() if code]
        if codes:
            noted: dict[str, Any] = codes[0]
            return noted
        return (context.access_token.data or {}) if context.access_token else {}

    def list_private_keys(self, *, did_activate: Any = None, is_active: Any = None) -> list[PrivateKey]:
        return filter_keys(queries.signing_keys(), did_activate=did_activate, is_active=is_active)
