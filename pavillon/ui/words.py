"""Numbers, money and dates in the reader's language. Nothing is rounded without saying so."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_timedelta
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    parse_pattern,
)
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def locale() -> Locale:
    """The reader's locale; British English, so that days come before months everywhere."""
    return _locale_named(get_language() or "fr")


@lru_cache(maxsize=16)
def _locale_named(name: str) -> Locale:
    language = name.replace("-", "_")
    try:
        return Locale.parse("en_GB" if language == "en" else language)
    except (ValueError, UnknownLocaleError):
        return Locale.parse("fr")


@lru_cache(maxsize=500)
def _exact_pattern(pattern: str, decimals: int) -> NumberPattern:
    """A CLDR number pattern with that many decimals, whatever its own, taken apart once."""
    head, _dot, tail = pattern.partition(".")
    rest = tail.lstrip("0#") if tail else ""
    return parse_pattern(head + (f".{'0' * decimals}" if decimals else "") + rest)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def money(value: Decimal | int | float | None, currency: str = "EUR") -> str:
    """An amount with every decimal that it has: 12 400 €, 12 400,50 €. Empty for None."""
    if value is None:
        return ""
    # Nought is written with its sign, and equals the one without.
    tell = _money_words if value else _money_words.__wrapped__
    return tell(value, currency, locale())


@lru_cache(maxsize=8_000, typed=True)
def _money_words(value: Decimal | int | float, currency: str, told_in: Locale) -> str:
    amount = Decimal(str(value))
    decimals = _decimals(amount)
    # Cents come in pairs: 12.5 is written 12.50.
    decimals = 2 if decimals == 1 else decimals
    pattern = told_in.currency_formats["standard"].pattern
    positive = _exact_pattern(pattern.split(";")[0], decimals)
    return format_currency(amount, currency, format=positive, locale=told_in, currency_digits=False)


def short_money(value: Decimal | int | float | None, currency: str = "EUR") -> tuple[str, bool]:
    """An amount for a key figure, "12,4 M€", and whether it was rounded (then show the exact one beside it)."""
    if value is None:
        return "", False
    amount = Decimal(str(value))
    if abs(amount) < 10_000:
        return money(amount, currency), False
    return _short_money_words(amount, currency, locale())


@lru_cache(maxsize=8_000)
def _short_money_words(amount: Decimal, currency: str, told_in: Locale) -> tuple[str, bool]:
    short = format_compact_currency(amount, currency, locale=told_in, fraction_digits=1)
    unit = Decimal(1000) ** ((len(str(abs(int(amount)))) - 1) // 3)
    tenth = unit / 10
    return short, amount % tenth != 0


def number(value: Decimal | int | float | None) -> str:
    """A number with every decimal that it has and the reader's separators."""
    if value is None:
        return ""
    # Nought is written with its sign, and equals the one without.
    tell = _number_words if value else _number_words.__wrapped__
    return tell(value, locale())


@lru_cache(maxsize=8_000, typed=True)
def _number_words(value: Decimal | int | float, told_in: Locale) -> str:
    amount = Decimal(str(value))
    pattern = _exact_pattern(told_in.decimal_formats[None].pattern, _decimals(amount))
    return format_decimal(amount, format=pattern, locale=told_in)


def short_number(value: float) -> str:
    """A number for an axis: 1 200, then 12 k, 3 M."""
    return number(value) if abs(value) < 10_000 else format_compact_decimal(value, locale=locale(), fraction_digits=1)


def percent(share: Decimal | float | None, decimals: int = 0) -> str:
    """A share (0.31) as a percentage (31 %)."""
    if share is None:
        return ""
    pattern = _exact_pattern(locale().percent_formats[None].pattern.replace("%", "").strip(), decimals)
    figure = format_decimal(Decimal(str(share)) * 100, format=pattern, locale=locale())
    return f"{figure}\u202f%" if locale().language == "fr" else f"{figure}%"


def day(value: date | datetime | None, how: str = "medium") -> str:
    """A day: 3 mars 2026. `how` is short, medium, long or full."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return _day_words(value, how, locale())


# Lists tell the same few days again and again; a date takes Babel longer than a line of a list takes the page.
@lru_cache(maxsize=4_000)
def _day_words(value: date, how: str, told_in: Locale) -> str:
    return format_date(value, how, locale=told_in)


@lru_cache(maxsize=16)
def _moment_pattern(told_in: Locale) -> str:
    return str(told_in.datetime_formats["medium"]).replace("'", "")


def moment(value: datetime | None, how: str = "medium") -> str:
    """A day and its hour in the reader's time zone: 3 mars 2026, 16:05."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    hour = f"{local:%H:%M}"
    if how == "time":
        return hour
    told_in = locale()
    return _moment_pattern(told_in).replace("{1}", _day_words(local.date(), how, told_in)).replace("{0}", hour)


def ago(value: datetime | date | None) -> str:
    """How long ago, or in how long: il y a 6 jours, dans 2 jours, today."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        days = (value - timezone.localdate()).days
        names = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
        if days in names:
            return names[days]
        return format_timedelta(value - timezone.localdate(), granularity="day", add_direction=True, locale=locale())
    return format_timedelta(value - timezone.now(), add_direction=True, threshold=1.0, locale=locale())


def initials(name: Any) -> str:
    """Two letters for a name: "Laiterie des Monts d'Arrée" gives LM, "Karim Benali" KB."""
    words = [
        word for word in str(name).replace("-", " ").replace("’", " ").replace("'", " ").split() if word[0].isalnum()
    ]
    strong = [word for word in words if word[0].isupper() or word[0].isdigit()] or words
    if not strong:
        return "?"
    return (strong[0][:1] + strong[1][:1] if len(strong) > 1 else strong[0][:2]).upper()
