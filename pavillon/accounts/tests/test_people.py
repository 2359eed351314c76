import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts import actions
from pavillon.accounts.demo import _units
from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, Unit, User
from pavillon.accounts.tests.factories import person
from pavillon.reference.models import Country


def names(answer):
    return [row.first_name for row in answer.context["listing"].rows]


def test_an_organisation_admin_lists_only_the_own_people(cast, client):
    client.force_login(cast.maud)
    assert set(names(client.get("/people/"))) == {"Maud", "Nour", "Marie"}
    client.force_login(cast.claire)
    assert names(client.get("/people/")) == ["Claire"]
    client.force_login(cast.admin)
    assert {"Maud", "Theo", "Claire", "Tom"} <= set(names(client.get("/people/")))


def test_search_and_filters(cast, client):
    client.force_login(cast.admin)
    assert names(client.get("/people/", {"q": "nour test"})) == ["Nour"]
    assert names(client.get("/people/", {"q": "theo@ex"})) == ["Theo"]
    assert set(names(client.get("/people/", {"organisation": cast.chamber.pk}))) == {"Maud", "Nour", "Marie"}
    assert set(names(client.get("/people/", {"network": "cai"}))) == {"Kim"}
    assert set(names(client.get("/people/", {"role": Role.ADVISER}))) == {"Nour", "Theo", "Kim"}
    actions.deactivate_user(user=cast.theo, by=cast.admin)
    assert names(client.get("/people/", {"state": "closed"})) == ["Theo"]
    assert "Nobody matches" in client.get("/people/", {"q": "zzzz"}).content.decode()


def test_an_ended_role_takes_nobody_out_of_the_admins_list(cast, client):
    """Former people stay findable by whoever answers for their account."""
    actions.end_membership(membership=cast.nour.memberships.get(), by=cast.maud, last_day=timezone.localdate())
    client.force_login(cast.maud)
    assert "Nour" in names(client.get("/people/"))


@pytest.mark.covers("IDN-03")
def test_lists_stay_cheap_with_1800_people(cast, client, django_assert_max_num_queries):
    people = User.objects.bulk_create(
        User(email=f"p{n}@many.example", first_name=f"Prénom{n}", last_name=f"Nom{n % 97}", password="!")
        for n in range(1800)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=cast.chamber if n % 3 else cast.other, role=Role.ADVISER, is_default=True)
        for n, user in enumerate(people)
    )
    for who, total in [(cast.admin, 1800), (cast.maud, 1200)]:
        client.force_login(who)
        # Rooms above may add a number to the menu, at one query each.
        with django_assert_max_num_queries(20):
            answer = client.get("/people/")
        assert answer.context["listing"].total >= total
        assert len(answer.context["listing"].rows) == 50
        with django_assert_max_num_queries(20):
            answer = client.get("/people/", {"q": "Prénom1799"})
        assert answer.context["listing"].total == (1 if who == cast.admin or 1799 % 3 else 0)
    # The administrator of one chamber manages its own people only.
    stranger = people[0]
    client.force_login(cast.maud)
    assert client.get(reverse("accounts:user", args=[stranger.pk])).status_code == 404
    assert client.post(reverse("accounts:deactivate_user", args=[stranger.pk])).status_code == 404
    own = people[1]
    assert client.post(reverse("accounts:deactivate_user", args=[own.pk])).status_code == 302
    own.refresh_from_db()
    assert not own.is_active


def test_the_card_of_a_person_costs_a_bounded_number_of_queries(cast, client, django_assert_max_num_queries):
    client.force_login(cast.admin)
    with django_assert_max_num_queries(20):
        assert client.get(reverse("accounts:user", args=[cast.nour.pk])).status_code == 200


@pytest.mark.covers("IDN-04")
def test_people_by_country_and_their_local_time(cast, client):
    japan = Country.objects.get(code="JP")
    tokyo = actions.create_office(name="Tokyo", country=japan, city="Tokyo", time_zone="Asia/Tokyo", by=None)
    yuki = person("Yuki", cast.agency, Role.ADVISER)
    actions.change_user(user=yuki, by=cast.admin, office=tokyo, country=japan, time_zone="Asia/Tokyo")
    client.force_login(cast.admin)
    assert names(client.get("/people/", {"country": "JP"})) == ["Yuki"]

    # What happens at 09:00 in Paris is shown at 17:00 to who works in Tokyo.
    User.objects.filter(pk=cast.dpo.pk).update(last_login="2026-01-15T08:00:00Z")
    card = reverse("accounts:user", args=[cast.dpo.pk])
    assert "09:00" in client.get(card).content.decode()
    actions.add_membership(user=yuki, organisation=cast.agency, role=Role.TEAM_MANAGER, by=cast.admin, is_default=True)
    client.force_login(User.objects.get(pk=yuki.pk))
    shown = client.get(card).content.decode()
    assert "17:00" in shown
    assert "09:00" not in shown


def test_a_unit_stands_for_its_branch(cast, client):
    units = _units()
    assert {unit.name for unit in Unit.objects.filter(parent__code="agence", is_attached_to_top=False)} == {
        "INVEST", "EXPORT", "RÉSEAU France", "Stratégies et Ressources",
    }  # fmt: skip
    assert Unit.objects.filter(is_attached_to_top=True).count() == 2
    for name, code in [("Cora", "reseau-ci"), ("Caius", "reseau-cai"), ("Iris", "invest"), ("Rena", "reseau-france")]:
        person(name, cast.agency, Role.ADVISER, unit=units[code])
    client.force_login(cast.admin)
    assert set(names(client.get("/people/", {"unit": units["reseau-france"].pk}))) == {"Cora", "Caius", "Rena"}
    assert set(names(client.get("/people/", {"unit": units["agence"].pk}))) == {"Cora", "Caius", "Rena", "Iris"}
    assert units["reseau-ci"].is_in_branch_of(units["reseau-france"])
    assert not units["reseau-france"].is_in_branch_of(units["reseau-ci"])


def test_the_export_holds_what_the_list_shows(cast, client):
    client.force_login(cast.maud)
    text = client.get("/people/", {"format": "csv", "q": "Nour"}).content.decode()
    assert "nour@example.example" in text
    assert "maud@example.example" not in text
    client.force_login(cast.manager)
    assert client.get("/people/", {"format": "csv"})["Content-Type"].startswith("text/html")


def test_change_a_colleague(cast, client):
    client.force_login(cast.maud)
    address = reverse("accounts:change_user", args=[cast.nour.pk])
    data = {
        "first_name": "Noûr", "last_name": "Test", "language": "fr", "phone": "+33 1 99 00 00 01",
        "time_zone": "Europe/Paris",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    cast.nour.refresh_from_db()
    assert cast.nour.first_name == "Noûr"
    assert client.post(address, {**data, "time_zone": "Mars/Base"}).status_code == 422


def test_a_closed_account_is_out_at_the_next_request(cast, client):
    client.force_login(cast.nour)
    assert client.get("/account/profile/").status_code == 200
    actions.deactivate_user(user=cast.nour, by=cast.maud)
    assert client.get("/account/profile/").status_code == 302
    actions.reactivate_user(user=cast.nour, by=cast.maud)
    cast.nour.refresh_from_db()
    assert cast.nour.is_active
