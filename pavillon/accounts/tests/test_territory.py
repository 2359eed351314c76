from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pavillon.accounts import actions
from pavillon.accounts.models import Correspondent, OneStopShop, ShopMember
from pavillon.reference.models import Country, Region


@pytest.fixture
def italy(places):
    return Country.objects.get(code="IT")


@pytest.mark.covers("IDN-01")
def test_a_country_has_one_correspondent_at_a_time(cast, client, italy):
    client.force_login(cast.admin)
    former = actions.name_correspondent(
        organisation=cast.partner_firm, country=italy, starts_on=date(2019, 1, 1), by=cast.admin
    )
    address = reverse("accounts:name_correspondent")
    data = {"country": "IT", "organisation": cast.agency.pk, "starts_on": "2025-07-01"}
    answer = client.post(address, data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Brücke GmbH has been the correspondent of Italy since" in text
    assert "end that mandate first" in text
    # Whoever goes round the form meets the database.
    with pytest.raises(IntegrityError), transaction.atomic():
        Correspondent.objects.create(organisation=cast.agency, country=italy, starts_on=date(2025, 7, 1))
    ended = client.post(reverse("accounts:end_correspondent", args=[former.pk]), {"last_day": "2025-06-30"})
    assert ended.status_code == 302
    assert client.post(address, data).status_code == 302
    history = client.get(reverse("accounts:correspondents")).content.decode()
    assert "Brücke GmbH" in history
    assert "Agence" in history
    assert Correspondent.objects.current().get(country=italy).organisation == cast.agency


def test_a_correspondent_is_abroad_and_of_the_right_kind(cast, italy):
    france = Country.objects.get(code="FR")
    with pytest.raises(actions.WrongCorrespondent):
        actions.name_correspondent(organisation=cast.agency, country=france, starts_on=date(2025, 1, 1), by=cast.admin)
    with pytest.raises(actions.WrongCorrespondent):
        actions.name_correspondent(organisation=cast.chamber, country=italy, starts_on=date(2025, 1, 1), by=cast.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correspondent.objects.create(organisation=cast.agency, country=france)


def test_a_mandate_cannot_end_before_it_begins(cast, client, italy):
    client.force_login(cast.admin)
    mandate = actions.name_correspondent(
        organisation=cast.agency, country=italy, starts_on=date(2025, 1, 1), by=cast.admin
    )
    answer = client.post(reverse("accounts:end_correspondent", args=[mandate.pk]), {"last_day": "2024-12-31"})
    assert answer.status_code == 422
    answer = client.post(
        reverse("accounts:name_correspondent"),
        {"country": "JP", "organisation": cast.agency.pk, "starts_on": "2026-02-01", "ends_on": "2026-01-01"},
    )
    assert "would end before it begins" in answer.content.decode()


@pytest.mark.covers("IDN-01", "IDN-11")
def test_the_single_team_of_a_region_mixes_the_organisations(cast, client, django_assert_max_num_queries):
    client.force_login(cast.admin)
    page = reverse("accounts:region_team", args=["53"])
    assert "This team is not composed yet" in client.get(page).content.decode()
    members = [cast.chamber.pk, cast.agency.pk, cast.bank.pk, cast.council.pk]
    answer = client.post(
        reverse("accounts:compose_shop", args=["53"]),
        {"organisations": members, "email": "equipe@bretagne.example", "phone": "", "address": ""},
    )
    assert answer.status_code == 302
    client.force_login(cast.nour)
    with django_assert_max_num_queries(20):
        answer = client.get(page)
    text = answer.content.decode()
    shown = {m.user.first_name for m in answer.context["team"]}
    # The chamber's and the council's people, and of the bank the one who covers the region.
    assert shown == {"Maud", "Nour", "Marie", "Solene", "Kim"}
    assert "Theo" not in text
    for said in ["CCI Bretagne", "Banque", "Région Bretagne", "kim@example.example", "CAI", "equipe@bretagne.example"]:
        assert said in text


def test_a_seat_taken_away_stays_in_the_history(cast):
    bretagne = Region.objects.get(code="53")
    shop = actions.compose_shop(region=bretagne, organisations=[cast.chamber, cast.bank], by=cast.admin)
    ShopMember.objects.filter(organisation=cast.bank).update(starts_on=date(2020, 1, 1))
    actions.compose_shop(region=bretagne, organisations=[cast.chamber], by=cast.admin)
    assert OneStopShop.objects.count() == 1
    assert [seat.organisation for seat in ShopMember.objects.current()] == [cast.chamber]
    assert ShopMember.objects.get(shop=shop, organisation=cast.bank).ends_on is not None


def test_only_organisations_of_the_region_are_offered(cast, client):
    client.force_login(cast.admin)
    answer = client.post(
        reverse("accounts:compose_shop", args=["53"]), {"organisations": [cast.other.pk, cast.chamber.pk]}
    )
    assert answer.status_code == 422
    assert client.get(reverse("accounts:region_team", args=["99"])).status_code == 404
