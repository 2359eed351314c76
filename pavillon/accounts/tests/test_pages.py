"""Every page of the room × every persona → the answer."""

import pytest
from django.db import transaction
from django.urls import reverse

from pavillon.accounts import actions
from pavillon.accounts.models import IdentityProvider
from pavillon.accounts.tests.factories import person

# Who gets 200; everybody else gets 403, or 404 where the object itself is hidden.
TEAM = {
    "maud", "nour", "theo", "tess", "kim", "manager", "official", "partner", "operator", "admin", "security", "dpo",
}  # fmt: skip
PEOPLE_ADMINS = {"maud", "tess", "admin", "claire"}
PEOPLE_READERS = PEOPLE_ADMINS | {"manager", "security", "dpo"}
EVERYBODY = TEAM | {"claire", "tom", "stranger"}

PAGES = {
    "change_profile": ([], EVERYBODY),
    "people": ([], PEOPLE_READERS),
    "invite_user": ([], PEOPLE_ADMINS),
    "import_people": ([], {"maud", "tess", "admin"}),
    "import_model": ([], {"maud", "tess", "admin"}),
    "organisations": ([], TEAM),
    "create_organisation": ([], {"admin"}),
    "regions": ([], TEAM),
    "region_team": (["53"], TEAM),
    "compose_shop": (["53"], {"admin"}),
    "correspondents": ([], TEAM),
    "name_correspondent": ([], {"admin"}),
    "identity_providers": ([], {"admin", "security"}),
    "create_identity_provider": ([], {"admin"}),
}


@pytest.mark.parametrize("page", PAGES)
def test_who_may_open_a_page(page, cast, client):
    args, allowed = PAGES[page]
    address = reverse(f"accounts:{page}", args=args)
    assert client.get(address).status_code == 302
    for who in sorted(EVERYBODY):
        client.force_login(getattr(cast, who))
        assert client.get(address).status_code == (200 if who in allowed else 403), f"{who} on {page}"


def test_who_may_open_pages_of_a_colleague(cast, client):
    """Of Nour, adviser of the chamber: seen by the own organisation and by those who see everyone."""
    seen = {"maud", "manager", "admin", "security", "dpo"}
    may_change = {"maud", "admin"}
    for who in sorted(EVERYBODY):
        client.force_login(getattr(cast, who))
        page = client.get(reverse("accounts:user", args=[cast.nour.pk])).status_code
        change = client.get(reverse("accounts:change_user", args=[cast.nour.pk])).status_code
        assert (page == 200) == (who in seen), who
        assert (change == 200) == (who in may_change), who
        assert page in (200, 403, 404)
        assert change in (200, 403, 404)


def test_who_may_open_pages_of_an_organisation(cast, client):
    for who in sorted(EVERYBODY):
        client.force_login(getattr(cast, who))
        page = client.get(reverse("accounts:organisation", args=[cast.chamber.pk])).status_code
        change = client.get(reverse("accounts:change_organisation", args=[cast.chamber.pk])).status_code
        assert (page == 200) == (who in TEAM), who
        assert (change == 200) == (who == "admin"), who


# What changes something: (address name, argument, who is not refused).
ACTS = [
    ("deactivate_user", "nour", {"maud", "admin"}),
    ("reactivate_user", "closed", {"maud", "admin"}),
    ("send_invitation", "invited", {"maud", "admin"}),
    ("lift_suspension", "nour", {"maud", "admin", "security"}),
    ("end_membership", "nour_role", {"maud", "admin"}),
    ("switch_membership", "nour_role", {"nour"}),
]


def test_who_may_act(cast, client):
    invitation = {"first_name": "New", "last_name": "Test", "language": "fr", "role": "adviser", "by": cast.maud}
    cast.invited = actions.invite_user(email="new@example.example", organisation=cast.chamber, **invitation).user
    cast.closed = person("Closed", cast.chamber, "adviser")
    actions.deactivate_user(user=cast.closed, by=cast.maud)
    cast.nour_role = cast.nour.memberships.get()
    for act, on, allowed in ACTS:
        address = reverse(f"accounts:{act}", args=[getattr(cast, on).pk])
        for who in sorted(EVERYBODY):
            # Each try is taken back, so that every person meets the same state.
            attempt = transaction.savepoint()
            client.force_login(getattr(cast, who))
            status = client.post(address).status_code
            transaction.savepoint_rollback(attempt)
            assert (status == 302) == (who in allowed), f"{who}, {act}: {status}"


def test_what_changes_something_refuses_get(cast, client):
    client.force_login(cast.admin)
    provider = IdentityProvider.objects.create(slug="x", name="X", issuer="https://x.example", client_id="x")
    for name, pk in [
        ("deactivate_user", cast.nour.pk),
        ("reactivate_user", cast.nour.pk),
        ("lift_suspension", cast.nour.pk),
        ("end_membership", cast.nour.memberships.get().pk),
        ("switch_membership", cast.admin.memberships.get().pk),
        ("delete_identity_provider", provider.pk),
        ("end_session", 1),
    ]:
        assert client.get(reverse(f"accounts:{name}", args=[pk])).status_code == 405, name


def test_an_organisation_admin_cannot_touch_whom_he_shares(cast, client):
    """Nour also works for the other chamber: the chamber ends its own role, the account is not its own to close."""
    actions.add_membership(user=cast.nour, organisation=cast.other, role="sales", by=cast.tess)
    client.force_login(cast.maud)
    assert client.post(reverse("accounts:deactivate_user", args=[cast.nour.pk])).status_code == 403
    elsewhere = cast.nour.memberships.get(organisation=cast.other)
    assert client.post(reverse("accounts:end_membership", args=[elsewhere.pk])).status_code == 404
    own = cast.nour.memberships.get(organisation=cast.chamber)
    assert client.post(reverse("accounts:end_membership", args=[own.pk])).status_code == 302


def test_nobody_ends_the_role_in_use_or_the_own_account(cast, client):
    client.force_login(cast.maud)
    assert client.post(reverse("accounts:deactivate_user", args=[cast.maud.pk])).status_code == 403
    own = cast.maud.memberships.get()
    assert client.post(reverse("accounts:end_membership", args=[own.pk])).status_code == 403


def test_home_sends_each_role_to_its_page(cast, client, settings):
    settings.START_PAGES = {"adviser": ["nowhere:page", "accounts:regions"], "platform_admin": ["accounts:people"]}
    assert client.get("/", headers={"accept-language": "en"}).url == "/en/"
    for who, target in [("nour", "/regions/"), ("admin", "/people/"), ("tom", "/account/profile/")]:
        client.force_login(getattr(cast, who))
        assert client.get("/").url == target


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_the_entrance_open_in_both_languages(language, client, db):
    for name in ["account_login", "account_signup", "account_reset_password", "accounts:suspended"]:
        answer = client.get(reverse(name), {"lang": language})
        assert answer.status_code in (200, 403)
        assert f'<html lang="{language}"' in answer.content.decode()
    # The choice is remembered.
    assert f'<html lang="{language}"' in client.get(reverse("account_login")).content.decode()
