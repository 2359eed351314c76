from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts import actions, tasks
from pavillon.accounts.enums import Role
from pavillon.accounts.events import membership_added, membership_ended
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.tests.factories import person


def test_each_kind_of_organisation_has_its_roles(cast):
    with pytest.raises(actions.WrongRole):
        actions.add_membership(user=cast.nour, organisation=cast.company, role=Role.ADVISER, by=None)
    with pytest.raises(actions.WrongRole):
        actions.add_membership(user=cast.nour, organisation=cast.partner_firm, role=Role.SECURITY_OFFICER, by=None)


def test_a_role_is_held_once_at_a_time(cast):
    with pytest.raises(actions.AlreadyMember):
        actions.add_membership(user=cast.nour, organisation=cast.chamber, role=Role.ADVISER, by=None)
    # The database says the same to whoever goes round the action.
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=cast.nour, organisation=cast.chamber, role=Role.ADVISER)


def test_an_ended_role_can_be_given_again(cast):
    role = cast.nour.memberships.get()
    Membership.objects.filter(pk=role.pk).update(starts_on=date(2024, 1, 1))
    actions.end_membership(membership=role, by=cast.maud)
    assert not cast.nour.memberships.current().exists()
    again = actions.add_membership(user=cast.nour, organisation=cast.chamber, role=Role.ADVISER, by=cast.maud)
    assert again.is_default
    assert cast.nour.memberships.count() == 2


def test_a_membership_counts_in_its_period_only(cast):
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.add_membership(user=cast.stranger, organisation=cast.other, role=Role.SALES, by=None, starts_on=tomorrow)
    assert User.objects.get(pk=cast.stranger.pk).acting is None


def test_an_organisation_that_stopped_gives_no_role(cast):
    actions.change_organisation(
        organisation=cast.chamber,
        name=cast.chamber.name,
        level=cast.chamber.level,
        region=cast.chamber.region,
        country=cast.chamber.country,
        is_active=False,
        by=cast.admin,
    )
    assert User.objects.get(pk=cast.nour.pk).acting is None


def test_roles_are_announced(cast):
    heard = []

    def hear(sender, **event):
        heard.append(event["membership"].role)

    membership_added.connect(hear)
    membership_ended.connect(hear)
    try:
        role = actions.add_membership(user=cast.stranger, organisation=cast.other, role=Role.SALES, by=cast.tess)
        actions.end_membership(membership=role, by=cast.tess)
    finally:
        membership_added.disconnect(hear)
        membership_ended.disconnect(hear)
    assert heard == [Role.SALES, Role.SALES]


def test_switch_role_and_see_with_its_eyes(cast, client):
    """The same person is adviser in Bretagne and administrator in Occitanie: one account, one view at a time."""
    second = actions.add_membership(user=cast.nour, organisation=cast.other, role=Role.ORGANISATION_ADMIN, by=cast.tess)
    client.force_login(cast.nour)
    assert client.get("/people/").status_code == 403
    page = client.get("/account/profile/").content.decode()
    assert "Act as" in page
    assert "CCI Occitanie" in page
    assert client.post(reverse("accounts:switch_membership", args=[second.pk])).status_code == 302
    assert {row.first_name for row in client.get("/people/").context["listing"].rows} == {"Theo", "Tess", "Nour"}
    # Kept for the session; the next sign-in begins with the usual role.
    client.logout()
    client.force_login(User.objects.get(pk=cast.nour.pk))
    assert client.get("/people/").status_code == 403
    client.post(reverse("accounts:switch_membership", args=[second.pk]), {"default": "1"})
    assert User.objects.get(pk=cast.nour.pk).acting == second


def test_a_role_that_ends_is_lost_in_open_sessions(cast, client):
    second = actions.add_membership(user=cast.nour, organisation=cast.other, role=Role.ORGANISATION_ADMIN, by=cast.tess)
    client.force_login(cast.nour)
    client.post(reverse("accounts:switch_membership", args=[second.pk]))
    actions.end_membership(membership=second, by=cast.tess)
    assert client.get("/people/").status_code == 403
    assert client.get("/account/profile/").context["user"].role == Role.ADVISER


def test_somebody_elses_role_cannot_be_taken(cast, client):
    client.force_login(cast.nour)
    theirs = cast.maud.memberships.get()
    assert client.post(reverse("accounts:switch_membership", args=[theirs.pk])).status_code == 403


@pytest.mark.covers("IDN-13")
def test_the_same_address_in_two_organisations_is_one_person(cast, client, django_capture_on_commit_callbacks):
    User.objects.filter(pk=cast.nour.pk).update(last_login=timezone.now())
    client.force_login(cast.tess)
    data = {
        "email": "NOUR@example.example",
        "first_name": "Nour",
        "last_name": "T.",
        "language": "fr",
        "organisation": cast.other.pk,
        "role": Role.SALES,
        "network": "",
    }
    people = User.objects.count()
    answer = client.post(reverse("accounts:invite_user"), data)
    text = answer.content.decode()
    assert "has an account already" in text
    assert "Add the role “Sales engineer” to Nour Test" in text
    answer = client.post(reverse("accounts:add_known_user"), data)
    assert answer.status_code == 302
    assert User.objects.count() == people
    assert {m.organisation.name for m in cast.nour.memberships.current()} == {"CCI Bretagne", "CCI Occitanie"}
    tasks.send_membership(membership_id=cast.nour.memberships.get(role=Role.SALES).pk)
    assert "CCI Occitanie" in mail.outbox[-1].body
    # A second time there is nothing left to offer.
    answer = client.post(reverse("accounts:invite_user"), data)
    assert "nothing to do" in answer.content.decode()
    assert client.post(reverse("accounts:add_known_user"), data).status_code == 422


@pytest.mark.covers("IDN-02")
def test_scope_follows_organisation_and_role(cast):
    """Level and type are the organisation's; what a person sees follows from the organisation acted for."""
    assert cast.chamber.level == "regional"
    assert cast.nour.region_id == "53"
    assert cast.theo.region_id == "76"
    assert cast.kim.region_id == ""  # a national organisation, though she covers a region
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Nowhere", kind="chamber", level="regional")
    assert set(User.objects.visible_to(cast.nour)) == {cast.maud, cast.nour, cast.manager}
    assert cast.theo in User.objects.visible_to(cast.security)
    assert set(User.objects.visible_to(cast.claire)) == {cast.claire}
    assert set(User.objects.visible_to(cast.tom)) == {cast.tom}


def test_the_two_adviser_networks_add_up(cast, client):
    person("Anna", cast.bank, Role.ADVISER, network="ci")
    person("Ben", cast.bank, Role.ADVISER)
    client.force_login(cast.admin)
    counts = {}
    for network in ("ci", "cai"):
        listing = client.get("/people/", {"organisation": cast.bank.pk, "network": network}).context["listing"]
        counts[network] = listing.total
    assert counts == {"ci": 1, "cai": 1}
    page = client.get(reverse("accounts:organisation", args=[cast.bank.pk]))
    assert dict(page.context["networks"]) == {
        "International adviser (CI)": 1,
        "Financing and international adviser (CAI)": 1,
    }
    # A network is an adviser's: other roles have none.
    role = actions.add_membership(user=cast.kim, organisation=cast.bank, role=Role.SALES, network="cai", by=None)
    assert role.network == ""


def test_an_admin_gives_only_the_own_organisations_roles(cast, client):
    client.force_login(cast.maud)
    address = reverse("accounts:add_membership", args=[cast.nour.pk])
    for data in [
        {"organisation": cast.other.pk, "role": Role.SALES},
        {"organisation": cast.chamber.pk, "role": Role.SECURITY_OFFICER},
        {"organisation": cast.chamber.pk, "role": Role.PLATFORM_ADMIN},
    ]:
        assert client.post(address, data).status_code == 422
    assert client.post(address, {"organisation": cast.chamber.pk, "role": Role.SALES}).status_code == 302
    assert cast.nour.memberships.filter(role=Role.SALES).exists()
    change = reverse("accounts:change_membership", args=[cast.nour.memberships.get(role=Role.ADVISER).pk])
    assert client.post(change, {"network": "", "covers": ""}).status_code == 302
    assert cast.nour.memberships.get(role=Role.ADVISER).network == ""


def test_whoever_entered_alone_is_confirmed_once(cast):
    membership = cast.claire.memberships.get()
    Membership.objects.filter(pk=membership.pk).update(is_confirmed=False)
    assert actions.confirm_membership(membership=membership, by=cast.nour, reason="adviser")
    assert Membership.objects.get(pk=membership.pk).is_confirmed
    assert not actions.confirm_membership(membership=membership, by=cast.nour, reason="adviser")
