"""Numbers, money, dates and initials in the reader's language."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from django.utils import timezone, translation

from pavillon.ui import words


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (Decimal("12400"), "12 400 €", "€12,400"),
        (Decimal("12400.5"), "12 400,50 €", "€12,400.50"),
        (Decimal("0.125"), "0,125 €", "€0.125"),
        (Decimal("12400.00"), "12 400 €", "€12,400"),
        (-3, "-3 €", "-€3"),
        (None, "", ""),
    ],
)
def test_money_keeps_every_decimal(value, french, english):
    with translation.override("fr"):
        assert plain(words.money(value)) == french
    with translation.override("en"):
        assert plain(words.money(value)) == english


def test_short_money_says_when_it_rounded():
    with translation.override("fr"):
        assert words.short_money(Decimal("12412300"))[1] is True
        assert words.short_money(Decimal("12400000"))[1] is False
        assert plain(words.short_money(Decimal("12400000"))[0]) == "12,4 M €"
        assert plain(words.short_money(Decimal("9999.99"))[0]) == "9 999,99 €"


def test_numbers_and_shares():
    with translation.override("fr"):
        assert plain(words.number(1234567)) == "1 234 567"
        assert plain(words.number(Decimal("3.75"))) == "3,75"
        assert plain(words.percent(0.31)) == "31 %"
    with translation.override("en"):
        assert words.number(1234567) == "1,234,567"
        assert words.percent(0.314, 1) == "31.4%"


def test_days_and_moments():
    when = datetime(2026, 3, 3, 15, 5, tzinfo=UTC)
    with translation.override("fr"):
        assert words.day(when.date()) == "3 mars 2026"
        assert "16:05" in words.moment(when)
        assert words.moment(when, "time") == "16:05"
        assert words.ago(timezone.localdate()) == "aujourd’hui"
        assert words.ago(timezone.now() - timedelta(days=6)) == "il y a 6 jours"
    with translation.override("en"):
        assert words.day(when.date()) == "3 Mar 2026"
        assert words.ago(timezone.localdate() + timedelta(days=1)) == "tomorrow"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Laiterie des Monts d’Arrée", "LM"),
        ("Karim Benali", "KB"),
        ("Conserverie", "CO"),
        ("", "?"),
        ("3D Breizh", "3B"),
    ],
)
def test_initials(name, letters):
    assert words.initials(name) == letters


def test_dates_and_numbers_are_those_of_babel():
    """What is remembered or written without Babel says what Babel says, in each language and at each hour."""
    at = datetime(2026, 1, 5, 7, 4, tzinfo=UTC)
    for language, told_in in (("fr", "fr"), ("en", "en_GB"), ("de", "de"), ("fr", "fr")):
        with translation.override(language), timezone.override("Asia/Tokyo"):
            for hours in (0, 9, 14, 17, 700):
                value = timezone.localtime(at + timedelta(hours=hours))
                for how in ("short", "medium", "long", "full"):
                    day = format_date(value, how, locale=told_in)
                    assert words.day(value) == words.day(value.date()) == format_date(value, "medium", locale=told_in)
                    assert words.day(value, how) == day
                    assert words.moment(value, how).startswith(day)
                hour = format_time(value, "HH:mm", locale=told_in)
                assert words.moment(value).endswith(hour)
                assert words.moment(value, "time") == hour
            assert words.number(1234567) == format_decimal(1234567, locale=told_in)
            for nought, written in ((0.0, "0"), (-0.0, "-0"), (0, "0")):
                assert words.number(nought) == written
            for same in (2, 2.0, Decimal("2.00"), Decimal("2.5"), 2.5):
                assert words.number(same) == format_decimal(Decimal(str(same)).normalize(), locale=told_in)
            assert words.percent(0.314, 1).startswith(format_decimal(Decimal("31.4"), locale=told_in))
