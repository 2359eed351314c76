"""What tests over all pages put in the addresses of this room."""

import datetime

from allauth.usersessions.models import UserSession
from django.utils import timezone

from pavillon.accounts import actions
from pavillon.accounts.models import Correspondent, IdentityProvider, Membership, Organisation, PeopleImport, User
from pavillon.accounts.queries import invitation_token
from pavillon.reference.models import Country


def make_correspondent(world):
    return actions.name_correspondent(
        organisation=world["partner"], country=Country.objects.get(pk="DE"), by=None, starts_on=timezone.localdate()
    )


def make_provider(world):
    """Switched off: a provider that is on would be asked over the network."""
    return actions.create_identity_provider(
        slug="guichet",
        name="Guichet",
        issuer="https://id.pavillon.example",
        client_id="pavillon",
        client_secret="a-secret-of-the-tests",
        side="company",
        by=None,
    )


def make_import(world):
    line = {"email": "new@pavillon.example", "first_name": "Nina", "last_name": "Test", "role": "adviser"}
    return actions.rehearse_people_import(
        organisation=world["chamber"], rows=[line], file_name="people.csv", by=world["maud"]
    )


def make_session(world):
    return UserSession.objects.create(
        user=world["helene"], ip="127.0.0.1", user_agent="Firefox", session_key="0" * 32, created_at=timezone.now()
    )


def make_token(world):
    """The invitation of a person who has never come."""
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    address = f"ivo{User.objects.count()}@pavillon.example"
    invited = actions.create_user(email=address, first_name="Ivo", last_name="Test", language="en")
    actions.add_membership(
        user=invited, organisation=world["chamber"], role="adviser", by=None, network="ci", starts_on=tomorrow
    )
    return invitation_token(invited)


EXAMPLES = {
    User: lambda world: world["helene"],
    Organisation: lambda world: world["chamber"],
    Membership: lambda world: world["helene"].acting,
    Correspondent: make_correspondent,
    IdentityProvider: make_provider,
    PeopleImport: make_import,
}
ARGUMENTS = {
    "accounts:accept_invitation": {"token": make_token},
    "accounts:renew_invitation": {"token": make_token},
    "accounts:end_session": {"session": lambda world: make_session(world).pk},
    "accounts:unknown_identity": {"reason": "team"},
    "accounts:provider_keys": {"provider_id": "guichet"},
    "accounts:provider_signed_out": {"provider_id": "guichet"},
    "openid_connect_login": {"provider_id": "guichet"},
    "openid_connect_callback": {"provider_id": "guichet"},
}
