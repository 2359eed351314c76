"""Sites, markets and groups of companies; roles, channels and hours of people."""

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import translation

from pavillon.activity.models import Entry
from pavillon.directory import actions
from pavillon.directory.actions import (
    add_channel,
    add_establishment,
    add_market,
    add_role,
    change_channel,
    change_establishment,
    change_market,
    change_role,
    keep_establishments,
    link_companies,
    remove_channel,
    remove_establishment,
    remove_market,
    remove_role,
    set_call_windows,
    unlink_companies,
)
from pavillon.directory.enums import ChannelKind, LinkKind, Maturity
from pavillon.directory.forms.parts import ChannelForm
from pavillon.directory.models import Channel, Company, Contact, ContactRole, Establishment, Market
from pavillon.directory.numbers import WrongNumber
from pavillon.directory.zones import zone_of
from pavillon.reference.models import ListItem
from pavillon.reference.tests import factories as facts


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def anne(cast):
    return actions.add_contact(
        company=cast.atelier,
        by=None,
        first_name="Anne",
        last_name="Kermarrec",
        job_title="Directrice",
        email="anne@atelier.example",
        phone="02 98 86 12 34",
    )


@pytest.fixture
def germany(cast):
    return facts.make_country("DE")


def test_a_person_has_roles_in_several_companies_and_one_record(cast, client, anne):
    role = add_role(contact=anne, company=cast.southern, function="Administratrice", by=cast.nour)
    assert Contact.objects.count() == 1
    assert set(anne.roles.values_list("company__name", "is_main")) == {
        ("Ateliers du Ponant", True),
        ("Verreries du Midi", False),
    }
    client.force_login(cast.nour)
    page = client.get(reverse("directory:company_contacts", args=[cast.southern.pk])).content.decode()
    assert "Anne Kermarrec" in page
    assert "Administratrice" in page
    change_role(role=role, by=cast.nour, is_main=True)
    anne.refresh_from_db()
    assert (anne.company, anne.job_title) == (cast.southern, "Administratrice")
    change_role(role=role, by=cast.nour, ends_on=date(2020, 1, 1), starts_on=date(2019, 1, 1))
    assert (
        "Anne Kermarrec"
        not in client.get(reverse("directory:company_contacts", args=[cast.southern.pk])).content.decode()
    )
    remove_role(role=role, by=cast.nour)
    anne.refresh_from_db()
    assert anne.company == cast.atelier
    with pytest.raises(actions.LastRole):
        remove_role(role=anne.roles.get(), by=cast.nour)


def test_changing_the_contact_changes_its_main_role_and_channels(cast, anne):
    actions.change_contact(contact=anne, by=None, job_title="Présidente", email="a.kermarrec@atelier.example", phone="")
    assert anne.roles.get().function == "Présidente"
    told = {channel.value: (channel.is_preferred, channel.is_standing) for channel in anne.channels.all()}
    assert told["a.kermarrec@atelier.example"] == (True, True)
    assert told["anne@atelier.example"][0] is False
    assert told["+33298861234"][0] is False


def test_two_people_who_change_a_channel_at_once_lose_nothing(cast, anne):
    for owner in (anne, cast.atelier):
        mobile = add_channel(owner=owner, kind=ChannelKind.PHONE, value="06 12 34 56 79", by=cast.nour)
        as_read_before = Channel.objects.get(pk=mobile.pk)
        change_channel(channel=mobile, by=cast.nour, label="Portable")
        change_channel(channel=as_read_before, by=cast.nour, valid_from=date(2026, 1, 1))
        mobile.refresh_from_db()
        assert (mobile.label, mobile.valid_from) == ("Portable", date(2026, 1, 1))


def test_channels_keep_their_validity_and_one_is_preferred(cast, anne):
    mobile = add_channel(owner=anne, kind=ChannelKind.PHONE, value="06 12 34 56 78", by=cast.nour, is_preferred=True)
    assert mobile.value == "+33612345678"
    anne.refresh_from_db()
    assert anne.phone == "+33612345678"
    with pytest.raises(actions.ChannelKnown):
        add_channel(owner=anne, kind=ChannelKind.PHONE, value="+33 6 12 34 56 78", by=cast.nour)
    change_channel(channel=mobile, by=cast.nour, is_preferred=False, valid_until=date(2020, 1, 1))
    anne.refresh_from_db()
    assert anne.phone == ""
    remove_channel(channel=mobile, by=cast.nour)
    assert not Channel.objects.filter(pk=mobile.pk).exists()
    assert Contact.objects.matching("anne@atelier.example").get() == anne


def test_a_linkedin_profile_is_added_on_a_person_and_on_a_company(cast, client, anne):
    for code in ("facebook", "myspace", "twitter", "linkedin", "viadeo"):
        ListItem.objects.create(list="networks", code=code, name_fr=code.title(), name_en=code.title())
    client.force_login(cast.nour)
    for name, owner in (("add_contact_channel", anne), ("add_channel", cast.atelier)):
        url = reverse(f"directory:{name}", args=[owner.pk])
        form = client.get(url).content.decode()
        assert all(network in form for network in ("Facebook", "Myspace", "Twitter", "Linkedin", "Viadeo"))
        given = {"kind": "social", "value": "linkedin.example/in/anne"}
        assert client.post(url, given).status_code == 422
        assert client.post(url, {**given, "network": "linkedin"}).status_code == 302
    for page in (anne.get_absolute_url(), reverse("directory:company_card", args=[cast.atelier.pk])):
        shown = client.get(page).content.decode()
        assert "https://linkedin.example/in/anne" in shown
        assert "Linkedin" in shown


def test_hours_that_suit(cast, client, anne):
    set_call_windows(contact=anne, windows=[(1, time(9), time(11))], by=cast.nour)
    client.force_login(cast.nour)
    assert "09:00–11:00" in client.get(anne.get_absolute_url()).content.decode()
    url = reverse("directory:set_call_windows", args=[anne.pk])
    assert client.post(url, {"d2_0_from": "11:00", "d2_0_to": "10:00"}).status_code == 422
    assert client.post(url, {"d2_0_from": "10:00"}).status_code == 422
    assert client.post(url, {"d2_0_from": "10:00", "d2_0_to": "11:30"}).status_code == 302
    assert [(w.weekday, w.starts_at) for w in anne.call_windows.all()] == [(2, time(10))]


def test_sites_have_a_siret_of_their_company(cast, client):
    company = actions.create_company(name="Biscuits", by=None, siren="732829320")
    site = add_establishment(company=company, by=cast.nour, siret="732 829 320 00074", commune=cast.rennes)
    assert (site.siret, site.town) == ("73282932000074", "Rennes")
    with pytest.raises(actions.SiretTaken, match="Biscuits"):
        add_establishment(company=company, by=cast.nour, siret="73282932000074")
    with pytest.raises(WrongNumber, match="does not begin with the SIREN"):
        add_establishment(company=company, by=cast.nour, siret="35600000000048")
    change_establishment(establishment=site, by=cast.nour, siret=site.siret, name="Usine", closed_on=date(2026, 1, 1))
    site.refresh_from_db()
    assert (site.name, site.is_open) == ("Usine", False)
    client.force_login(cast.nour)
    url = reverse("directory:add_establishment", args=[company.pk])
    refused = client.post(url, {"siret": "73282932000075", "country": "FR", "name": "x"})
    assert refused.status_code == 422
    assert "check digit" in refused.content.decode()


def test_sites_of_the_register_are_kept_and_ruled(cast):
    company = actions.create_company(name="Biscuits", by=None, siren="732829320")
    rows = [{"siret": "73282932000074", "is_head_office": True, "commune_id": cast.rennes.pk, "town": "Rennes"}]
    assert keep_establishments(company=company, rows=rows, by=None) == {"created": 1, "changed": 0, "closed": 0}
    assert keep_establishments(company=company, rows=rows, by=None) == {"created": 0, "changed": 0, "closed": 0}
    closed = [{**rows[0], "closed_on": date(2026, 3, 1)}]
    assert keep_establishments(company=company, rows=closed, by=None) == {"created": 0, "changed": 1, "closed": 1}
    site = Establishment.objects.get()
    assert site.is_from_register
    with pytest.raises(actions.RuledByRegister):
        change_establishment(establishment=site, by=cast.nour, siret=site.siret, name="Mine")


def test_markets_are_a_country_a_sector_and_a_maturity(cast, client, germany):
    client.force_login(cast.nour)
    url = reverse("directory:add_market", args=[cast.atelier.pk])
    given = {"country": "DE", "sector": "industry", "maturity": "first_sales", "since": "2024-01-01"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 422
    market = Market.objects.get()
    assert (market.country_id, market.sector_id, market.maturity) == ("DE", "industry", Maturity.FIRST_SALES)
    change_market(market=market, by=cast.nour, maturity=Maturity.ESTABLISHED)
    add_market(company=cast.atelier, country=germany, by=None)
    assert "Regular sales" in client.get(reverse("directory:company_card", args=[cast.atelier.pk])).content.decode()
    remove_market(market=market, by=cast.nour)
    assert Market.objects.count() == 1
    verbs = list(Entry.objects.about(cast.atelier).values_list("verb", flat=True))
    assert {"directory.market_added", "directory.market_changed", "directory.market_removed"} <= set(verbs)


def test_a_group_has_no_loop(cast, client):
    holding, sister = (actions.create_company(name=name, by=None) for name in ("Ponant Holding", "Ponant Export"))
    link = link_companies(parent=holding, subsidiary=cast.atelier, by=cast.nour, share=80)
    link_companies(parent=cast.atelier, subsidiary=sister, by=cast.nour)
    with pytest.raises(actions.LoopInGroup, match="already owns"):
        link_companies(parent=sister, subsidiary=holding, by=cast.nour)
    with pytest.raises(actions.AlreadyLinked):
        link_companies(parent=cast.atelier, subsidiary=holding, by=cast.nour)
    link_companies(parent=holding, subsidiary=sister, by=cast.nour, kind=LinkKind.SISTERS)
    client.force_login(cast.nour)
    card = client.get(reverse("directory:company_card", args=[cast.atelier.pk])).content.decode()
    assert card.index("Ponant Holding") < card.index("Ponant Export")
    assert "80 %" in card
    url = reverse("directory:link_companies", args=[cast.southern.pk])
    assert client.post(url, {"other": "Nobody at all", "role": "parent"}).status_code == 422
    assert client.post(url, {"other": "Ponant Export", "role": "sister"}).status_code == 302
    unlink_companies(link=link, by=cast.nour)
    assert not link.__class__.objects.filter(pk=link.pk).exists()


def test_who_may_change_parts(cast, client, anne, germany):
    market = add_market(company=cast.atelier, country=germany, by=None)
    pages = [
        ("add_market", cast.atelier),
        ("change_market", market),
        ("add_establishment", cast.atelier),
        ("link_companies", cast.atelier),
        ("add_channel", cast.atelier),
        ("add_role", anne),
        ("set_call_windows", anne),
        ("change_role", ContactRole.objects.get()),
    ]
    for name, row in pages:
        url = reverse(f"directory:{name}", args=[row.pk])
        for person, statuses in (
            (cast.nour, {200}),
            (cast.official, {403}),
            (cast.partner, {403}),
            (cast.claire, {403, 404}),
        ):
            client.force_login(person)
            assert client.get(url).status_code in statuses, (name, person)


def test_a_role_is_added_by_the_name_of_its_company(cast, client, anne):
    client.force_login(cast.nour)
    url = reverse("directory:add_role", args=[anne.pk])
    assert client.post(url, {"company": "Nobody at all"}).status_code == 422
    assert client.post(url, {"company": "Verreries du Midi", "function": "Associée"}).status_code == 302
    assert anne.roles.filter(company=cast.southern, function="Associée").exists()
    assert Company.objects.count() == 2


def test_a_contact_abroad_has_the_time_zone_of_its_country_and_its_hour_stands_beside_the_phone(cast, client, germany):
    brazil = facts.make_country("BR")
    buyer = actions.create_company(name="Comércio Azul", by=None, family="foreign", country=brazil)
    client.force_login(cast.nour)
    add = reverse("directory:add_contact", args=[buyer.pk])
    assert client.get(add).context["form"]["time_zone"].value() == "America/Sao_Paulo"
    ana = actions.add_contact(company=buyer, by=None, last_name="Silva", phone="+551191234567")
    assert ana.time_zone == "America/Sao_Paulo"
    page = client.get(ana.get_absolute_url()).text
    assert f"{ana.hour_there} there" in page
    set_call_windows(contact=ana, windows=[(day, time(0, 0), time(23, 59)) for day in range(1, 8)], by=cast.nour)
    assert "a good moment to call" in client.get(ana.get_absolute_url()).text
    change = reverse("directory:change_contact", args=[ana.pk])
    given = {"last_name": "Silva", "language": "pt", "time_zone": "America/Manaus", "phone": "+551191234567"}
    assert client.post(change, given).status_code == 302
    ana.refresh_from_db()
    assert ana.time_zone == "America/Manaus"


def test_zones_follow_the_country_and_the_region_overseas():
    assert [zone_of(*place) for place in (("FR", "53"), ("FR", "04"), ("JP", None), ("US", None), (None, None))] == [
        "Europe/Paris",
        "Indian/Reunion",
        "Asia/Tokyo",
        "America/New_York",
        "Europe/Paris",
    ]


def test_a_site_entered_by_mistake_is_taken_away_on_screen(cast, client):
    """What the register rules stays; what people keep goes, and the trail says where it was."""
    site = add_establishment(company=cast.atelier, by=None, name="Dépôt", town="Brest")
    ruled = add_establishment(company=cast.atelier, by=None, name="Siège", is_from_register=True)
    client.force_login(cast.nour)
    assert site.removal_url in client.get(reverse("directory:change_establishment", args=[site.pk])).text
    assert client.post(site.removal_url).status_code == 302
    assert client.post(reverse("directory:remove_establishment", args=[ruled.pk])).status_code == 403
    with pytest.raises(actions.RuledByRegister):
        remove_establishment(establishment=ruled, by=None)
    assert list(Establishment.objects.filter(company=cast.atelier)) == [ruled]
    assert Entry.objects.about(cast.atelier).filter(verb="directory.establishment_removed").exists()


def test_changing_a_channel_that_a_colleague_took_away_meanwhile_is_told(cast, client, anne, monkeypatch):
    for owner in (anne, cast.atelier):
        gone = add_channel(owner=owner, kind=ChannelKind.PHONE, value="06 12 34 56 80", by=cast.nour)
        stale = Channel.objects.get(pk=gone.pk)
        remove_channel(channel=gone, by=cast.nour)
        with pytest.raises(actions.ChannelGone):
            change_channel(channel=stale, by=cast.nour, label="Portable")
    # On the page: it goes between the check of the form and the lock.
    read = ChannelForm.known_values

    def meanwhile(form):
        Channel.objects.filter(pk=shown.pk).delete()
        return read(form)

    shown = add_channel(owner=cast.atelier, kind=ChannelKind.PHONE, value="06 12 34 56 80", by=cast.nour)
    monkeypatch.setattr(ChannelForm, "known_values", meanwhile)
    client.force_login(cast.nour)
    told = client.post(
        reverse("directory:change_channel", args=[shown.pk]), {"kind": "phone", "value": "06 12 34 56 81"}, follow=True
    )
    assert told.status_code == 200
    assert "entre-temps ce téléphone" in told.text or "took this phone" in told.text


def test_a_role_that_a_colleague_took_away_meanwhile_is_told(cast, client, anne, monkeypatch):
    gone = add_role(contact=anne, company=cast.atelier, function="Achats", by=cast.nour)
    stale = ContactRole.objects.get(pk=gone.pk)
    remove_role(role=gone, by=cast.nour)
    with pytest.raises(actions.RoleGone):
        change_role(role=stale, by=cast.nour, function="Ventes")
    with pytest.raises(actions.RoleGone):
        remove_role(role=stale, by=cast.nour)
    # On the page: it goes between the guard and the lock.
    shown = add_role(contact=anne, company=cast.atelier, function="Achats", by=cast.nour)
    guard = actions.remove_role

    def meanwhile(**asked):
        ContactRole.objects.filter(pk=shown.pk).delete()
        return guard(**asked)

    monkeypatch.setattr(actions, "remove_role", meanwhile)
    client.force_login(cast.nour)
    told = client.post(reverse("directory:remove_role", args=[shown.pk]), follow=True)
    assert told.status_code == 200
    assert "ce rôle entre-temps" in told.text or "took this role" in told.text


def test_changing_a_channel_to_one_that_is_there_says_so(cast, client):
    add_channel(owner=cast.atelier, kind=ChannelKind.PHONE, value="06 12 34 56 80", by=cast.nour)
    other = add_channel(owner=cast.atelier, kind=ChannelKind.PHONE, value="06 12 34 56 81", by=cast.nour)
    client.force_login(cast.nour)
    told = client.post(
        reverse("directory:change_channel", args=[other.pk]), {"kind": "phone", "value": "06 12 34 56 80"}
    )
    assert told.status_code == 422
    other.refresh_from_db()
    assert other.value == "+33612345681"
