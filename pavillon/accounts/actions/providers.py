"""Identity providers, as data."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction

from pavillon.accounts.actions.limits import spend_attempt
from pavillon.accounts.actions.memberships import note_address_verified
from pavillon.accounts.actions.people import cut_session
from pavillon.accounts.enums import ClientProof
from pavillon.accounts.models import IdentityProvider, ProviderSession, User
from pavillon.accounts.models.sign_in import provider_key
from pavillon.accounts.oidc import new_private_key
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.trail import record
from pavillon.ui.limits import Rate

SETTINGS = (
    "slug",
    "name",
    "issuer",
    "client_id",
    "client_secret",
    "client_proof",
    "side",
    "scope",
    "acr_values",
    "vouches_for_address",
    "siret_claim",
    "ends_its_session",
    "is_enabled",
)


class SlugTaken(Exception):
    """Another provider has this short name in its addresses."""


def _check_slug(slug: str, besides: IdentityProvider | None = None) -> None:
    same = IdentityProvider.objects.filter(slug=slug)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise SlugTaken(slug)


@transaction.atomic
def create_identity_provider(
    *,
    slug: str,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    side: str,
    by: User | None,
    scope: str = "openid email profile",
    is_enabled: bool = False,
    **more: Any,
) -> IdentityProvider:
    """Add a provider; its button appears at sign-in at once when it is on. `more`: the rest of SETTINGS.

    Raises SlugTaken, TypeError.
    """
    _check_slug(slug)
    provider = IdentityProvider(
        slug=slug,
        name=name,
        issuer=issuer.rstrip("/"),
        client_id=client_id,
        client_secret=client_secret,
        side=side,
        scope=scope,
        is_enabled=is_enabled,
        **more,
    )
    _give_key(provider)
    provider.save()
    record("accounts.identity_provider_created", provider, by=by, name=name, is_enabled=is_enabled)
    return provider


@transaction.atomic
def change_identity_provider(*, provider: IdentityProvider, by: User, **fields: Any) -> IdentityProvider:
    """Change a provider; an empty `client_secret` keeps the one that is there. Raises SlugTaken, TypeError."""
    if unknown := set(fields) - set(SETTINGS):
        raise TypeError(f"Not a setting of a provider: {', '.join(sorted(unknown))}")
    provider = IdentityProvider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    if not fields.get("client_secret"):
        fields.pop("client_secret", None)
    if "slug" in fields:
        _check_slug(fields["slug"], besides=provider)
    before = snapshot(provider)
    for name, value in fields.items():
        setattr(provider, name, value.rstrip("/") if name == "issuer" else value)
    _give_key(provider)
    changes = changes_since(before, provider)
    if changes:
        provider.save()
        record("accounts.identity_provider_changed", provider, by=by, changes=changes)
    return provider


def _give_key(provider: IdentityProvider) -> None:
    if provider.client_proof == ClientProof.PRIVATE_KEY and not provider.private_key:
        provider.private_key = new_private_key()


@transaction.atomic
def renew_provider_key(*, provider: IdentityProvider, by: User) -> None:
    """Another key of ours for a provider, which fetches its public half from our page."""
    provider = IdentityProvider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    provider.private_key = new_private_key()
    provider.save(update_fields=["private_key", "changed_at"])
    record("accounts.provider_key_renewed", provider, by=by, name=provider.name)


@transaction.atomic
def note_provider_session(
    *, session_key: str, slug: str, sub: str, sid: str = "", **told: Any
) -> ProviderSession | None:
    """Remember on which session at a provider this session stands."""
    provider = IdentityProvider.objects.filter(slug=slug).first()
    if provider is None:
        return None
    known = {"subject": provider_key(provider, "sub", sub), "sid": provider_key(provider, "sid", sid)}
    row, _is_new = ProviderSession.objects.update_or_create(
        session_key=session_key, defaults={"provider": provider, **known}
    )
    return row


class AlreadyUsed(Exception):
    """This statement of a provider came before."""


# A statement older than this is refused anyway (oidc.LOGOUT_SECONDS), so that its number need not be kept longer.
_ONCE = Rate.read("1/1h")


@transaction.atomic
def end_provider_sessions(*, provider: IdentityProvider, jti: str, sub: str = "", sid: str = "") -> int:
    """A provider says that somebody signed out there: his sessions that stand on it end. Returns how many.

    With `sid` that session alone, else all of the person. Raises AlreadyUsed.
    """
    if spend_attempt(what=f"logout token {provider.pk}", who=jti, rate=_ONCE):
        raise AlreadyUsed(jti)
    rows = ProviderSession.objects.filter(provider=provider)
    rows = rows.filter(sid=provider_key(provider, "sid", sid)) if sid else rows
    rows = rows.filter(subject=provider_key(provider, "sub", sub)) if sub else rows
    keys = list(rows.values_list("session_key", flat=True))
    sessions = list(UserSession.objects.filter(session_key__in=keys).select_related("user"))
    for session in sessions:
        record("accounts.session_ended", session.user, by=None, provider=provider.name, device=session.user_agent[:120])
        cut_session(session)
    rows.delete()
    return len(sessions)


@transaction.atomic
def delete_identity_provider(*, provider: IdentityProvider, by: User) -> None:
    """Take a provider away, with the links that people had to it: they sign in by password again."""
    links, _detail = SocialAccount.objects.filter(provider=provider.slug).delete()
    record("accounts.identity_provider_deleted", provider, by=by, name=provider.name, links=links)
    provider.delete()


@transaction.atomic
def link_identity(*, user: User, identity: dict[str, Any], by: User | None = None) -> None:
    """Tie what a provider says of somebody to an account just opened (see `queries.waiting_identity`).

    The address counts as verified when it is the one that the provider vouches for.
    """
    SocialAccount.objects.get_or_create(
        provider=identity["provider"], uid=identity["uid"], defaults={"user": user, "extra_data": {}}
    )
    if identity["email"].lower() == user.email:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        note_address_verified(user=user)
    record("accounts.identity_linked", user, by=by or user, provider=identity["provider"])
