"""Cells are read as people write them; what cannot be read is refused with its value."""

from datetime import date
from decimal import Decimal

import pytest

from pavillon.intake.columns import BadValue, guess_targets, parsing


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("1234", 1, "1234.00"),
        ("1 234,50", 1, "1234.50"),
        ("1.234,50 €", 1, "1234.50"),
        ("1,234.50", 1, "1234.50"),
        ("1.234", 1, "1234.00"),
        ("0,500", 1, "0.50"),
        ("12,5 M€", 1, "12500000.00"),
        ("350", 1000, "350000.00"),
        ("350 k€", 1000, "350000.00"),
        ("350 €", 1, "350.00"),
        ("1\u202f234\u202f567", 1, "1234567.00"),
    ],
)
def test_amounts_are_exact(cell, unit, amount):
    assert parsing.read_amount(cell, unit) == Decimal(amount)


@pytest.mark.parametrize("cell", ["-5", "environ 300", "1,2345", "12 USD", "9" * 14, "1.2.3,4"])
def test_amounts_that_would_be_guessed_are_refused(cell):
    with pytest.raises(BadValue, match=r"“|«"):
        parsing.read_amount(cell)


@pytest.mark.parametrize(
    ("header", "unit"), [("CA (k€)", 1000), ("CA export en M€", 10**6), ("CA", 1), ("CA keur", 1000)]
)
def test_the_unit_stands_in_the_name_of_the_column(header, unit):
    assert parsing.unit_of(header) == unit


@pytest.mark.parametrize(
    ("cell", "siren"),
    [
        ("552 100 554", "552100554"),
        ("55210055400021", "552100554"),
        ("5520135", "005520135"),
        ("552.100.554", "552100554"),
    ],
)
def test_a_siren_is_read_with_its_spaces_its_siret_and_its_lost_zeros(cell, siren):
    assert parsing.read_siren(cell) == siren


@pytest.mark.parametrize("cell", ["552100555", "5521", "AB2100554", "5521005540002"])
def test_a_wrong_siren_is_refused(cell):
    with pytest.raises(BadValue):
        parsing.read_siren(cell)


@pytest.mark.parametrize("cell", ["2026-11-22", "22/11/2026", "22.11.26", "46348", "2026-11-22T10:00:00"])
def test_days(cell):
    assert parsing.read_date(cell) == date(2026, 11, 22)


def test_phones_get_back_the_zero_that_a_spreadsheet_took():
    assert parsing.read_phone("298861234", "FR") == "+33298861234"
    with pytest.raises(BadValue):
        parsing.read_phone("12", "FR")


@pytest.mark.parametrize(("cell", "count"), [("12", 12), ("1 200", 1200), ("1.200", 1200), ("12,0", 12)])
def test_counts(cell, count):
    assert parsing.read_whole(cell) == count


@pytest.mark.parametrize("cell", ["12,5", "-3", "douze", "10 à 19", "1e5"])
def test_counts_are_never_rounded(cell):
    with pytest.raises(BadValue):
        parsing.read_whole(cell)


def test_columns_are_guessed_by_name_then_by_looks():
    header = [
        "N° client",
        "Raison sociale",
        "SIREN",
        "CP",
        "Ville",
        "CA (k€)",
        "Prénom",
        "Nom contact",
        "Courriel",
        "Col K",
        "x",
    ]
    rows = [
        [
            "A1",
            "Atelier",
            "552100554",
            "29200",
            "Brest",
            "12",
            "Léa",
            "Kerbrat",
            "lea@atelier.example",
            "02 98 86 12 34",
            "?",
        ]
    ] * 3
    assert guess_targets(header, rows) == {
        "N° client": "company.key",
        "Raison sociale": "company.name",
        "SIREN": "company.siren",
        "CP": "company.postal_code",
        "Ville": "company.town",
        "CA (k€)": "company.turnover",
        "Prénom": "contact.first_name",
        "Nom contact": "contact.last_name",
        "Courriel": "contact.email",
        "Col K": "contact.phone",
    }


def test_no_target_is_guessed_twice():
    guessed = guess_targets(["Email", "E-mail", "Nom", "Société"], [["a", "b", "c", "d"]])
    assert len(set(guessed.values())) == len(guessed)
