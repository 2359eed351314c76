"""Companies and contacts through the doors that rooms call."""

import pytest
from django.utils import translation

from pavillon.activity.models import Entry
from pavillon.directory import actions
from pavillon.directory.actions.bulk import make_companies
from pavillon.directory.channels import WrongPhone, phone_number
from pavillon.directory.events import companies_merged, company_changed, company_created
from pavillon.directory.models import Company, Contact
from pavillon.directory.names import match_name, readable
from pavillon.directory.queries import WrongSiren, candidates, find_register_unit
from pavillon.directory.synthetic import TRADES
from pavillon.directory.tests.factories import ATELIER, BISCUITS, CLOSED, PERSON, UNKNOWN, unit
from pavillon.reference.models import Activity


@pytest.fixture
def heard():
    """Announcements of this room, in order."""
    told = []

    def listen(sender, signal, **event):
        told.append((signal, event))

    signals = (company_created, company_changed, companies_merged)
    for signal in signals:
        signal.connect(listen, weak=False)
    yield told
    for signal in signals:
        signal.disconnect(listen)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("S.A.R.L. Société Biscuiterie de l’Aulne", "BISCUITERIE DE L AULNE"),
        ("ÉTS Kermarec & Fils SAS", "KERMAREC FILS"),
        ("SAS", "SAS"),
        ("Kermarec Holding", "KERMAREC HOLDING"),
        ("Cœur d’Ardoise", "COEUR D ARDOISE"),
    ],
)
def test_match_name_keeps_what_identifies(name, expected):
    assert match_name(name) == expected


def test_readable_lowers_the_small_words():
    assert readable("BÉTONS DE L’AUBRAC") == "Bétons de l’Aubrac"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("02 98 86 12 34", "+33298861234"), ("0262 41 00 00", "+262262410000"), ("+55 11 91234 5678", "+5511912345678")],
)
def test_phones_have_one_form(typed, expected):
    assert phone_number(typed) == expected


def test_a_phone_that_no_country_has_is_refused():
    with pytest.raises(WrongPhone):
        phone_number("12345")


@pytest.mark.covers("BASE-12")
@pytest.mark.parametrize(
    ("typed", "reason", "in_french"),
    [
        ("90071421", "length", "8 chiffres"),
        ("9007142A3", "digits", "chiffres"),
        ("900714214", "check", "clé"),
        (UNKNOWN, "unknown", "répertoire"),
        (CLOSED, "closed", "cessé"),
    ],
)
def test_a_wrong_siren_says_why_in_both_languages(cast, typed, reason, in_french):
    unit(CLOSED, is_active=False)
    with pytest.raises(WrongSiren) as english, translation.override("en"):
        find_register_unit(typed)
    assert english.value.reason == reason
    with pytest.raises(WrongSiren, match=in_french), translation.override("fr"):
        find_register_unit(typed)


def test_adopting_fills_from_the_register_once(cast, heard):
    unit()
    company = actions.adopt_register_unit(siren="900 714 213", by=cast.nour)
    assert company.activity.code == "10.72Z"
    assert (company.workforce_band.code, company.town, company.region_id) == ("12", "Châteaulin", "53")
    assert actions.adopt_register_unit(siren=BISCUITS, by=cast.nour) == company
    assert [signal for signal, _event in heard] == [company_created]


def test_a_second_company_of_one_siren_is_refused_with_the_first(cast):
    unit()
    first = actions.create_company(name="Biscuiterie", siren=BISCUITS, by=None)
    with pytest.raises(actions.SirenTaken) as error:
        actions.create_company(name="Biscuiterie bis", siren=BISCUITS, by=None)
    assert error.value.company == first


def test_a_partial_diffusion_gives_neither_name_nor_address(cast):
    unit(PERSON, legal_name="JEANNE KERVELLA", legal_category_code="1000", diffusion="P", trade_name="CHEZ JEANNE")
    company = actions.adopt_register_unit(siren=PERSON, by=None)
    told = company.name + company.legal_name + company.address
    assert "KERVELLA" not in told
    assert "JEANNE" not in told
    assert "PORT" not in told


def test_a_change_is_kept_with_old_and_new_and_announced(cast, heard):
    actions.change_company(company=cast.atelier, by=cast.nour, turnover=5_000_000, website="https://ponant.example")
    entry = Entry.objects.about(cast.atelier).get(verb="directory.company_changed")
    assert entry.actor == cast.nour
    assert [float(v) for v in entry.changes["turnover"]] == [4_200_000, 5_000_000]
    assert heard[-1][0] is company_changed
    assert not actions.change_company(company=cast.atelier, by=cast.nour, website="https://ponant.example")
    assert Entry.objects.about(cast.atelier).filter(verb="directory.company_changed").count() == 1


def test_the_same_siren_is_certain(cast):
    unit()
    company = actions.create_company(name="Biscuiterie", siren=BISCUITS, by=None)
    (found,) = candidates(siren=BISCUITS, name="Tout autre nom")
    assert (found.company, found.score) == (company, 1.0)


def test_a_misspelt_name_in_the_same_town_is_proposed_with_its_reasons(cast):
    with translation.override("en"):
        (found,) = candidates(name="SARL Atelier du Ponent", commune=cast.chateaulin)
    assert found.company == cast.atelier
    assert 0.5 < found.score < 0.95
    assert any(reason.startswith(("Name", "Same name")) for reason in found.reasons)
    assert any("town" in reason for reason in found.reasons)
    elsewhere = candidates(name="SARL Atelier du Ponent")
    assert elsewhere[0].score < found.score


def test_the_same_name_in_the_same_town_is_the_same_unless_something_speaks_against_it(cast):
    actions.change_company(company=cast.atelier, by=None, address="2 rue du Port", postal_code="29150")

    def best(**typed):
        with translation.override("en"):
            return candidates(name="SARL Ateliers du Ponant", **typed)[0]

    for typed in ({"town": "Châteaulin"}, {"town": "29150"}, {"town": "29150", "address": "2, r. du Port"}):
        assert best(**typed).score >= 0.95
    assert "Same town" in best(town="29150").reasons
    # Another street, another town: a person decides.
    assert 0.5 <= best(town="29150", address="118 avenue Foch").score < 0.95
    assert best(town="31000").score < 0.95
    # A property company is not the firm that has its name.
    actions.change_company(company=cast.atelier, by=None, name="SCI Ateliers du Ponant")
    assert best(town="29150").score < 0.95


@pytest.mark.parametrize("typed", ["ateliers du pon", "Atliers du Ponant", "Ponant Ateliers", "Ets Ateliers du Ponnat"])
def test_a_name_is_found_unfinished_misspelt_and_turned(cast, typed):
    assert candidates(name=typed, town="Châteaulin")[0].company == cast.atelier
    assert candidates(name=typed)[0].company == cast.atelier


def test_looking_up_costs_few_statements(cast, django_assert_max_num_queries):
    candidates(name="Ateliers du Ponant")
    with django_assert_max_num_queries(5):
        assert candidates(name="Ateliers du Ponant", town="Châteaulin", user=cast.nour)
    with django_assert_max_num_queries(10):
        candidates(name="Rien de tel", town="Châteaulin", email="x@rien.example", phone="0298861234", user=cast.nour)


def test_reasons_add_up_and_free_mail_is_none(cast):
    actions.change_company(company=cast.atelier, by=None, website="https://www.ponant.example")
    actions.add_contact(
        company=cast.atelier, by=None, last_name="Riou", email="Riou@ponant.example", phone="0298861234"
    )
    name_only = candidates(name="Ateliers du Ponant")[0].score
    both = candidates(name="Ateliers du Ponant", email="riou@ponant.example", phone="+33 2 98 86 12 34")[0]
    assert both.score > name_only
    assert len(both.reasons) >= 3
    assert candidates(email="autre@ponant.example")[0].company == cast.atelier
    actions.change_company(company=cast.southern, by=None, website="https://gmail.com")
    assert candidates(email="quelquun@gmail.com") == []


def test_a_company_with_another_known_siren_is_never_proposed(cast):
    unit()
    actions.create_company(name="Biscuiterie de l’Aulne", siren=BISCUITS, by=None)
    assert candidates(siren=ATELIER, name="Biscuiterie de l’Aulne") == []


@pytest.mark.covers("BASE-05")
def test_merging_fills_moves_and_forwards(cast, heard):
    double = actions.create_company(
        name="Ateliers Ponant", by=None, website="https://ponant.example", commune=cast.chateaulin, turnover=1
    )
    person = actions.add_contact(company=double, by=None, last_name="Riou")
    actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    cast.atelier.refresh_from_db()
    double.refresh_from_db()
    person.refresh_from_db()
    assert double.merged_into == cast.atelier
    assert (cast.atelier.website, cast.atelier.domain) == ("https://ponant.example", "ponant.example")
    assert cast.atelier.turnover == 4_200_000
    assert person.company == cast.atelier
    assert heard[-1][0] is companies_merged
    assert actions.forwarded(double) == cast.atelier
    assert Entry.objects.about(double).filter(verb="directory.companies_merged").exists()
    assert cast.atelier.pk not in [c.company.pk for c in candidates(name="Nothing of the kind")]
    with pytest.raises(actions.AlreadyMerged):
        actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)


def test_two_sirens_are_never_one_company(cast):
    unit()
    unit(ATELIER, legal_name="ATELIERS")
    one = actions.create_company(name="A", siren=BISCUITS, by=None)
    other = actions.create_company(name="A", siren=ATELIER, by=None)
    with pytest.raises(actions.TwoSirens):
        actions.merge_companies(kept=one, removed=other, by=cast.manager)
    assert Company.objects.standing().filter(pk__in=[one.pk, other.pk]).count() == 2


def test_contacts_are_found_by_mail_and_phone_though_the_table_holds_ciphertext(cast):
    actions.add_contact(
        company=cast.atelier, by=None, last_name="Riou", email=" Riou@Ponant.example", phone="02 98 86 12 34"
    )
    assert Company.objects.standing().matching("riou@ponant.example").get() == cast.atelier
    assert Contact.objects.matching("+33298861234").get().last_name == "Riou"
    stored = Contact.objects.extra(select={"raw": "email"}).values_list("raw", flat=True).get()
    assert "ponant" not in stored


@pytest.mark.parametrize("text", ["ateliers ponant", "PONANT", "atelier", "ateliers du ponent", "pon"])
def test_names_are_found_without_accents_by_their_beginning_and_mistyped(cast, text):
    assert cast.atelier in Company.objects.standing().matching(text)
    assert cast.southern not in Company.objects.standing().matching(text)


def test_a_company_sees_itself_and_a_buyer_nobody(cast):
    actions.own_company(company=cast.atelier, organisation=cast.company, by=None)
    assert list(Company.objects.visible_to(cast.claire)) == [cast.atelier]
    assert not Company.objects.visible_to(cast.tom).exists()
    assert Company.objects.visible_to(cast.nour).count() == 2


def test_create_from_register_lets_what_was_typed_win(cast):
    unit()
    company = actions.create_from_register(
        siren=BISCUITS, by=cast.nour, name="Biscuiterie", website="https://b.example"
    )
    assert (company.name, company.town, company.domain) == ("Biscuiterie", "Châteaulin", "b.example")
    with pytest.raises(actions.SirenTaken):
        actions.create_from_register(siren=BISCUITS, by=cast.nour)


def test_forget_contact_loses_the_person_and_keeps_the_line(cast):
    person = actions.add_contact(
        company=cast.atelier, by=None, first_name="Anne", last_name="Riou", email="riou@ponant.example"
    )
    actions.forget_contact(person)
    person.refresh_from_db()
    assert "Riou" not in str(person)
    assert (person.email, person.email_index, person.phone) == ("", "", "")
    assert not Contact.objects.matching("riou@ponant.example").exists()
    assert Entry.objects.about(person).filter(verb="directory.contact_forgotten").exists()


def test_make_companies_fills_up_to_a_size_and_no_further(cast):
    for code in TRADES:
        Activity.objects.get_or_create(code=code, revision=2, defaults={"name_fr": code, "name_en": code, "level": 5})
    assert make_companies(50) == 48
    assert make_companies(50) == 0
    made = Company.objects.exclude(pk__in=[cast.atelier.pk, cast.southern.pk])
    assert made.filter(is_demo=True, commune__isnull=False, region__isnull=False).count() == 48
    assert made.values("name").distinct().count() == 48
