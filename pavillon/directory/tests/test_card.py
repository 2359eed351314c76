"""The card: origins, conflicts, corrections, and what its page costs."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Notification
from pavillon.directory import actions
from pavillon.directory.actions import accept_correction, ask_correction, keep_value, refuse_correction
from pavillon.directory.actions.companies import NumberTaken
from pavillon.directory.actions.sources import built_in_source, change_source, note_source_record
from pavillon.directory.enums import CorrectionState, Family, SourceKind, Status
from pavillon.directory.models import CompanyValue, ContactValue, CorrectionRequest, Source, SourceRecord
from pavillon.directory.numbers import (
    WrongNumber,
    check_national_number,
    check_siret,
    check_vat_number,
    french_vat_number,
)
from pavillon.directory.queries.card import why_seen
from pavillon.directory.tests.factories import BISCUITS, unit
from pavillon.reference.tests import factories as facts
from pavillon.security.models import PolicyCell

DAY = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def sources(cast):
    made = {}
    for code, kind in (("bank", SourceKind.STATE), ("chamber", SourceKind.PARTNER)):
        made[code] = actions.create_source(code=code, name=code.title(), kind=kind, trust=60, by=None)
    return made


@pytest.fixture
def disputed(cast, sources):
    """Two sources count other people in one company."""
    company = actions.create_company(name="Ateliers Kerguelen", by=None, source=sources["bank"], headcount=80)
    actions.offer_values(record=company, source=sources["chamber"], values={"headcount": 120}, observed_on=DAY, by=None)
    return company


def text(client, user, name, *args, **query):
    client.force_login(user)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.covers("BASE-13")
def test_headcounts_that_differ_show_a_conflict_that_two_clicks_settle(cast, client, disputed):
    page = text(client, cast.nour, "directory:company", disputed.pk)
    origins = reverse("directory:company_origins", args=[disputed.pk])
    assert f"{origins}#headcount" in page
    told = text(client, cast.nour, "directory:company_origins", disputed.pk)
    value = CompanyValue.objects.get(company=disputed)
    choose = reverse("directory:resolve_conflict", args=[disputed.pk, value.pk])
    assert choose in told
    assert client.post(choose, {"reason": "Counted on site"}).status_code == 302
    disputed.refresh_from_db()
    assert disputed.headcount == 120
    entry = Entry.objects.about(disputed).get(verb="directory.conflict_resolved")
    assert (entry.actor, entry.facts["reason"], entry.facts["source"]) == (cast.nour, "Counted on site", "Chamber")
    assert "#headcount" not in text(client, cast.nour, "directory:company", disputed.pk)
    assert not CompanyValue.objects.disputed().exists()


def test_one_may_stay_with_what_the_card_says(cast, client, disputed):
    client.force_login(cast.nour)
    client.post(reverse("directory:keep_value", args=[disputed.pk, "headcount"]))
    disputed.refresh_from_db()
    assert disputed.headcount == 80
    row = CompanyValue.objects.get(company=disputed, state="in_use")
    assert (row.source.code, row.locked_by) == ("bank", cast.nour)
    keep_value(record=disputed, field="headcount", by=cast.manager)
    assert CompanyValue.objects.get(company=disputed, state="in_use").locked_by == cast.manager


def test_conflicts_about_people_are_listed_and_settled_from_their_line(cast, client, sources):
    person = actions.add_contact(
        company=cast.atelier, by=None, source=sources["bank"], last_name="Riou", job_title="Gérante"
    )
    actions.offer_values(
        record=person, source=sources["chamber"], values={"job_title": "Présidente"}, observed_on=DAY, by=None
    )
    value = ContactValue.objects.disputed().get()
    told = text(client, cast.nour, "directory:contact_conflicts")
    choose = reverse("directory:resolve_contact_conflict", args=[value.pk])
    for words in ("Riou", "Gérante", "Présidente", choose):
        assert words in told
    assert choose not in text(client, cast.partner, "directory:contact_conflicts")
    client.force_login(cast.partner)
    assert client.post(choose, {"choice": "take"}).status_code == 403
    client.force_login(cast.nour)
    client.post(choose, {"choice": "take"})
    person.refresh_from_db()
    assert person.job_title == "Présidente"
    assert not ContactValue.objects.disputed().exists()


def test_who_settles_conflicts(cast, client, disputed):
    value = CompanyValue.objects.get()
    url = reverse("directory:resolve_conflict", args=[disputed.pk, value.pk])
    for person, status in ((cast.partner, 403), (cast.official, 403), (cast.claire, 404)):
        client.force_login(person)
        assert client.post(url).status_code == status
    elsewhere = reverse("directory:resolve_conflict", args=[cast.southern.pk, value.pk])
    client.force_login(cast.nour)
    client.post(elsewhere)
    assert CompanyValue.objects.disputed().exists()


def test_the_list_of_conflicts_counts_and_filters(cast, client, disputed, django_assert_max_num_queries):
    for number in range(12):
        other = actions.create_company(
            name=f"Other {number}", by=None, source=disputed.origin, website="https://a.example"
        )
        chamber = Source.objects.get(code="chamber")
        actions.offer_values(
            record=other, source=chamber, values={"website": "https://b.example"}, observed_on=DAY, by=None
        )
    text(client, cast.nour, "directory:conflicts")
    with django_assert_max_num_queries(18):
        page = text(client, cast.nour, "directory:conflicts", field="headcount")
    assert page.count("data-record") == 1
    assert "120" in page
    assert text(client, cast.nour, "directory:conflicts", source=disputed.origin_id).count("data-record") == 0
    PolicyCell.objects.create(role="adviser", model="directory.company", field="headcount", level=0)
    assert (
        text(client, User.objects.get(pk=cast.nour.pk), "directory:conflicts", field="headcount").count("data-record")
        == 0
    )


def test_pages_of_the_card_cost_the_same_whatever_they_hold(cast, client, disputed, django_assert_max_num_queries):
    germany = facts.make_country("DE")
    for number in range(8):
        actions.add_establishment(company=disputed, by=None, name=f"Site {number}", commune=cast.rennes)
        child = actions.create_company(name=f"Child {number}", by=None)
        actions.link_companies(parent=disputed, subsidiary=child, by=None)
    actions.add_market(company=disputed, country=germany, by=None)
    text(client, cast.nour, "directory:company_card", disputed.pk)
    with django_assert_max_num_queries(26):
        card = text(client, cast.nour, "directory:company_card", disputed.pk)
    assert card.count("Site ") >= 8
    with django_assert_max_num_queries(20):
        text(client, cast.nour, "directory:company_origins", disputed.pk)
    assert text(client, cast.nour, "directory:establishments", disputed.pk).count("Site ") >= 8


def test_the_origin_of_each_value_is_told(cast, client, disputed):
    page = text(client, cast.nour, "directory:company_card", disputed.pk)
    assert "Origin of “Headcount”: Bank" in page
    assert "Origin of “Name”: Bank" in page
    assert "You see this because cards of companies are shared" in page
    assert why_seen(disputed, cast.nour).mark is None


def test_the_register_is_corrected_on_request_only(cast, client):
    unit(BISCUITS)
    facts.make_workforce_band("21")
    company = actions.adopt_register_unit(siren=BISCUITS, by=None)
    form = text(client, cast.nour, "directory:change_company", company.pk)
    assert form.count("disabled") >= 4
    ask = reverse("directory:ask_correction", args=[company.pk, "workforce_band"])
    assert client.post(ask, {"workforce_band": "12", "reason": "As it is"}).status_code == 422
    assert client.post(ask, {"workforce_band": "21", "reason": "Staff register seen"}).status_code == 302
    asked = CorrectionRequest.objects.get()
    assert Notification.objects.get(kind="directory.correction_asked").recipient == cast.admin
    with pytest.raises(actions.AlreadyAsked):
        ask_correction(
            company=company, field="workforce_band", values={"workforce_band": "21"}, reason="x", by=cast.nour
        )
    decide = reverse("directory:decide_correction", args=[asked.pk])
    assert client.post(decide).status_code == 403
    client.force_login(cast.admin)
    assert client.post(decide, {"refuse": "1"}).status_code == 422
    assert client.post(decide, {"answer": "Seen too"}).status_code == 302
    company.refresh_from_db()
    assert company.workforce_band_id == "21"
    assert Notification.objects.get(kind="directory.correction_decided").recipient == cast.nour
    # The next register cannot take it off silently.
    register = built_in_source(SourceKind.REGISTER)
    for band, outcome in (("12", "kept"), ("22", "conflicts")):
        facts.make_workforce_band(band)
        told = actions.offer_values(
            record=company, source=register, values={"workforce_band": band}, observed_on=date(2027, 1, 1), by=None
        )
        assert list(getattr(told, outcome)) == ["workforce_band"]
    with pytest.raises(actions.AlreadyDecided):
        accept_correction(request=asked, by=cast.admin)


def test_a_refused_correction_says_why(cast, client):
    asked = ask_correction(company=cast.atelier, field="size", values={"size": "ETI"}, reason="Grown", by=cast.nour)
    refuse_correction(request=asked, by=cast.admin, answer="Two years are needed")
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (CorrectionState.REFUSED, "Two years are needed")
    assert Notification.objects.get(kind="directory.correction_decided").body == "Two years are needed"
    assert "Two years are needed" in text(client, cast.nour, "directory:corrections")


@pytest.mark.covers("BASE-01")
def test_two_families_and_two_statuses_are_told_apart_by_filters(cast, client):
    germany = facts.make_country("DE")
    for family, country in ((Family.FRENCH, None), (Family.FOREIGN, germany)):
        for status in Status:
            place = {"country": country} if country else {}
            actions.create_company(name=f"{family}-{status}", by=None, family=family, status=status, **place)
    shown = text(client, cast.nour, "directory:companies")
    for family in Family:
        for status in Status:
            assert f"{family}-{status}" in shown
            asked = {"family.in": family.value, "status.in": status.value}
            page = client.get(reverse("directory:companies"), asked).content.decode()
            names = {f"{one}-{other}" for one in Family for other in Status if f">{one}-{other}<" in page}
            assert names == {f"{family}-{status}"}


@pytest.mark.parametrize(
    ("country", "number", "kept"),
    [("DK", "99 00 00 15", "99000015"), ("BR", "11.222.333/0001-81", "11222333000181"), ("MG", "NIF 12-34", "NIF1234")],
)
def test_national_numbers_have_the_form_of_their_country(country, number, kept):
    assert check_national_number(country, number) == kept


def test_wrong_numbers_name_their_fault():
    with pytest.raises(WrongNumber, match="check digit"):
        check_national_number("DK", "99000016")
    with pytest.raises(WrongNumber, match="another country"):
        check_vat_number("DE136695976", country="FR")
    with pytest.raises(WrongNumber, match="does not end with the SIREN"):
        check_vat_number(french_vat_number("356000000"), country="FR", siren=BISCUITS)
    assert check_vat_number(french_vat_number(BISCUITS), country="FR", siren=BISCUITS).endswith(BISCUITS)
    assert check_vat_number("136 695 976", country="DE") == "DE136695976"
    with pytest.raises(WrongNumber, match="14"):
        check_siret("9007142130001")
    assert check_siret("732 829 320 00074") == "73282932000074"


def test_a_number_names_one_company(cast):
    germany = facts.make_country("DE")
    first = actions.create_company(
        name="Alpha GmbH", by=None, family=Family.FOREIGN, country=germany, vat_number="DE 136 695 976"
    )
    with pytest.raises(NumberTaken) as refusal:
        actions.create_company(name="Alpha", by=None, family=Family.FOREIGN, country=germany, vat_number="DE136695976")
    assert refusal.value.company == first
    assert first.vat_number == "DE136695976"


def test_sources_are_ranked_on_screen(cast, client, sources):
    page = text(client, cast.nour, "directory:sources")
    assert page.index("Bank") < page.index("Chamber")
    client.force_login(cast.nour)
    change = reverse("directory:change_source", args=[sources["bank"].pk])
    assert client.get(change).status_code == 403
    client.force_login(cast.admin)
    given = {"name": "Bank", "kind": "state", "trust": "101", "legal_status": "open"}
    assert client.post(change, given).status_code == 422
    assert client.post(change, {**given, "trust": "75", "is_active": "on"}).status_code == 302
    assert Source.objects.get(code="bank").trust == 75
    change_source(source=sources["chamber"], by=cast.admin, trust=20)
    assert Source.objects.get(code="chamber").trust == 20
    made = client.post(reverse("directory:create_source"), {**given, "name": "Bank", "trust": "40"})
    assert made.status_code == 302
    assert Source.objects.filter(code="bank-2").exists() or Source.objects.filter(name="Bank").count() == 2


def test_the_number_of_a_partner_finds_the_company_again(cast, sources):
    for day in (date(2026, 1, 1), date(2026, 6, 1)):
        note_source_record(record_of=cast.atelier, source=sources["bank"], seen_on=day, key="A-12")
    record = SourceRecord.objects.get(source=sources["bank"], key="A-12")
    assert (record.company, record.first_seen_on, record.last_seen_on) == (
        cast.atelier,
        date(2026, 1, 1),
        date(2026, 6, 1),
    )
