"""One writing for each thing, whatever the writing of a file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavillon.matching.engine.addresses import postcode_of, street_of, town_of
from pavillon.matching.engine.channels import domain_of, email_addresses, phone_numbers
from pavillon.matching.engine.dates import day_of
from pavillon.matching.engine.keys import LONGEST, keys_of
from pavillon.matching.engine.names import company_name, person_name, split_full_name
from pavillon.matching.engine.numbers import luhn_is_valid, valid_nir, valid_siren, valid_siret, valid_vat
from pavillon.matching.engine.records import COMPANY, FIELDS, PERSON, identity, prepare
from pavillon.matching.engine.text import plain

ANY_TEXT = st.text(max_size=60)
COMPANIES = st.fixed_dictionaries(
    dict.fromkeys(("name", "trade_name", "siren", "phone", "email", "website", "address", "town"), ANY_TEXT),
    optional={"postcode": ANY_TEXT, "vat": ANY_TEXT, "country": ANY_TEXT},
)
PEOPLE = st.fixed_dictionaries(
    dict.fromkeys(("given_name", "family_name", "birth_date", "phone", "email", "address", "national_id"), ANY_TEXT)
)


@pytest.mark.parametrize(
    ("written", "core", "form"),
    [
        ("S.A.R.L. Ets Dupont & Fils", "DUPONT FILS", "SARL"),
        ("DUPONT ET FILS (SARL)", "DUPONT FILS", "SARL"),
        ("Sté Dupont et Cie", "DUPONT", None),
        ("Établissements Dupont et Fils, EURL", "DUPONT FILS", "SARL"),
        ("Société par actions simplifiée Nova-Tech", "NOVA TECH", "SAS"),
        ("Œnologie d'Oc", "OENOLOGIE OC", None),
        ("SAS", "SAS", None),
        ("Ελληνική Ναυτιλία ΑΕ", "ELLINIKI NAYTILIA AE", None),
        ("  ", None, None),
    ],
)
def test_a_company_keeps_what_identifies_it(written, core, form):
    name = company_name(written)
    assert (name.core, name.form) == (core, form)


def test_roles_stand_apart_from_the_name():
    """A holding bears the firm's name; only its role tells them apart."""
    firm, holding = company_name("Hydrovia SAS"), company_name("Hydrovia Holding SAS")
    assert firm.core == holding.core == "HYDROVIA"
    assert (firm.roles, holding.roles) == ("", "HOLDING")
    assert company_name("Groupe Services").core == "GROUPE SERVICES"


def test_acronyms():
    assert company_name("Mécanique Générale de Brest").acronym == "MGB"
    assert company_name("M.G.B.").core == "MGB"


@pytest.mark.parametrize(
    "written",
    [
        "02 98 86 12 34", "02.98.86.12.34", "0298861234", "+33 2 98 86 12 34", "+33 (0)2 98 86 12 34", "0033298861234",
        "298861234", "33298861234", "+330298861234", "02-98-86-12-34 poste 12", "Tél : 02 98 86 12 34",
    ],
)  # fmt: skip
def test_a_phone_in_any_writing(written):
    assert phone_numbers(written) == ["+33298861234"]


@pytest.mark.parametrize("written", ["", "12", "0000000000", "99 99 99 99 99", "voir site", "0612345678901234567"])
def test_what_is_no_phone(written):
    assert phone_numbers(written) == []


def test_several_phones_and_foreign_ones():
    assert phone_numbers("02 98 86 12 34 / 06 71 82 93 04") == ["+33298861234", "+33671829304"]
    assert phone_numbers("+49 30 901820") == ["+4930901820"]


def test_mail_and_domains():
    assert email_addresses("Jean <JEAN@Ponant.FR>; mailto:info@ponant.fr") == ["jean@ponant.fr", "info@ponant.fr"]
    assert domain_of("info@ponant.fr") == domain_of("https://www.ponant.fr/contact?x=1") == "ponant.fr"
    assert domain_of("shop.ponant.co.uk") == "ponant.co.uk"
    assert domain_of("jean@orange.fr") is None
    assert domain_of("https://www.facebook.com/ponant") is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12 bis, bd. St-Michel BP 12", ("12", "BOULEVARD SAINT MICHEL")),
        ("12 B BOULEVARD SAINT MICHEL", ("12", "BOULEVARD SAINT MICHEL")),
        ("12 Boulevard de Saint-Michel - CS 40012 - CEDEX 2", ("12", "BOULEVARD SAINT MICHEL")),
        ("ZI de Kergaradec", (None, "ZONE INDUSTRIELLE KERGARADEC")),
        ("BP 204", (None, None)),
    ],
)
def test_streets(written, read):
    assert street_of(written) == read


def test_towns_and_postcodes():
    assert town_of("BREST CEDEX 2") == town_of("Brest") == "BREST"
    assert town_of("Paris 11e") == town_of("PARIS 11EME ARRONDISSEMENT") == "PARIS"
    assert town_of("St Malo") == town_of("SAINT-MALO") == "SAINT MALO"
    assert postcode_of("F-29200") == postcode_of("29 200") == "29200"
    assert postcode_of("6000") == "06000"


def test_an_address_in_one_cell():
    made = prepare(COMPANY, {"name": "Ponant", "address": "3 quai du Port, 29200 Brest cedex 1"})
    assert (made["number"], made["street"], made["postcode"], made["town"]) == ("3", "QUAI PORT", "29200", "BREST")


@pytest.mark.parametrize(
    "written", ["31/12/1985", "1985-12-31", "31 déc. 1985", "31.12.85", "19851231", "12/31/1985", "1985-12-31T00:00:00"]
)
def test_days(written):
    assert day_of(written) == "19851231"


def test_names_of_people():
    assert person_name("M. Jean-Luc") == "JEAN LUC"
    assert person_name("de la Tour") == "TOUR"
    assert split_full_name("DUPONT Marie") == ("Marie", "DUPONT")
    assert split_full_name("Dupont, Marie") == ("Marie", "Dupont")
    assert split_full_name("Mme Marie de La Tour") == ("Marie", "de La Tour")


def test_numbers_count_only_with_their_check():
    assert valid_siren("552 100 554") == "552100554"
    assert valid_siren("552 100 553") is None
    assert valid_siren("000000000") is None
    assert valid_siret("552 100 554 00013") == "55210055400013"
    assert valid_siret("35600000000048") == "35600000000048"
    assert valid_vat("FR 83 552100554") is None
    assert valid_vat("DE 136695976") == "DE136695976"
    assert valid_vat("DE 136695977") is None
    assert valid_nir("2 55 08 14 168 025 38") == "255081416802538"
    assert valid_nir("2 55 08 14 168 025 39") is None


def test_identity_of_a_company():
    assert identity(COMPANY, {"siren": "552100554"}) == "siren:552100554"
    assert identity(COMPANY, {"siret": "55210055400013"}) == "siren:552100554"
    assert identity(COMPANY, {"siren": "552100553", "vat": "DE136695976"}) == "vat:DE136695976"
    assert identity(COMPANY, {"siren": "inconnu"}) is None


@given(ANY_TEXT)
def test_plain_is_stable_and_ascii(text):
    once = plain(text)
    assert plain(once) == once
    assert once.isascii()
    assert once == once.upper()


@given(st.integers(min_value=1, max_value=99_999_999))
def test_each_number_has_one_right_check_digit(body):
    right = [digit for digit in range(10) if luhn_is_valid(f"{body:08d}{digit}")]
    assert len(right) == 1


@settings(max_examples=150, deadline=None)
@given(COMPANIES)
def test_no_company_makes_it_stumble(record):
    """Whatever a cell holds: all fields are there, keys are short and repeat, and preparing changes nothing outside."""
    made = prepare(COMPANY, record)
    assert set(made) == set(FIELDS[COMPANY])
    keys = keys_of(COMPANY, made)
    assert keys == keys_of(COMPANY, prepare(COMPANY, dict(record)))
    assert all(2 < len(key) <= LONGEST for key in keys)
    assert len(keys) == len(set(keys))


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_no_person_makes_it_stumble(record):
    assert set(prepare(PERSON, record)) == set(FIELDS[PERSON])


@given(st.sampled_from("0123456789").flatmap(lambda _: st.text("0123456789", min_size=8, max_size=8)), st.data())
def test_a_phone_is_read_alike_with_any_signs_between(number, data):
    national = f"02{number}"
    signs = data.draw(st.lists(st.sampled_from(["", " ", ".", "-"]), min_size=10, max_size=10))
    assert phone_numbers("".join(a + b for a, b in zip(national, signs, strict=True))) == phone_numbers(national)
