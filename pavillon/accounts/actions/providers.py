"""Identity providers, as data."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from pavillon.accounts.actions.memberships import note_address_verified
from pavillon.accounts.models import IdentityProvider, User
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.trail import record

SETTINGS = ("slug", "name", "issuer", "client_id", "client_secret", "side", "scope", "is_enabled")


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
) -> IdentityProvider:
    """Add a provider; its button appears at sign-in at once when it is on. Raises SlugTaken."""
    _check_slug(slug)
    provider = IdentityProvider.objects.create(
        slug=slug,
        name=name,
        issuer=issuer.rstrip("/"),
        client_id=client_id,
        client_secret=client_secret,
        side=side,
        scope=scope,
        is_enabled=is_enabled,
    )
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
    changes = changes_since(before, provider)
    if changes:
        provider.save()
        record("accounts.identity_provider_changed", provider, by=by, changes=changes)
    return provider


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
