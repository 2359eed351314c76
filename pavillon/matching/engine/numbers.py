"""National numbers with check digits. A number is used as an identity only if its check is right."""

from functools import lru_cache
from importlib import import_module

from pavillon.matching.engine.text import digits

LA_POSTE = "356000000"

_DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]


def luhn_is_valid(number: str) -> bool:
    """Whether the digits satisfy Luhn's check (every second digit from the right doubled, sum divisible by ten)."""
    values = [ord(c) - 48 for c in reversed(number)]
    return (sum(values[::2]) + sum(_DOUBLED[v] for v in values[1::2])) % 10 == 0


def valid_siren(text: str) -> str | None:
    """The nine digits of a SIREN whose check is right, or None. Spaces, dots and "SIREN:" are ignored."""
    number = digits(text)
    if len(number) == 9 and number != "000000000" and luhn_is_valid(number):
        return number
    return None


def valid_siret(text: str) -> str | None:
    """The fourteen digits of a SIRET whose check is right, or None. Offices of La Poste have a rule of their own."""
    number = digits(text)
    if len(number) != 14 or number.startswith("000000000"):
        return None
    if luhn_is_valid(number):
        return number
    if number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return number
    return None


@lru_cache(maxsize=50_000)
def valid_vat(text: str) -> str | None:
    """A European VAT number whose check is right, with its country ("FR40303265045"), or None."""
    number = "".join(c for c in text.upper() if c.isalnum() and c.isascii())
    country = number[:2]
    if len(number) < 8 or not country.isalpha():
        return None
    if country == "FR":
        siren = valid_siren(number[4:]) if len(number) == 13 else None
        if siren is None:
            return None
        key = number[2:4]
        if key.isdigit() and int(key) != (12 + 3 * (int(siren) % 97)) % 97:
            return None
        return number
    try:
        checker = import_module("stdnum.eu.vat")
        return country + str(checker.validate(number)).removeprefix(country) if checker.is_valid(number) else None
    except (ValueError, KeyError):
        return None


def valid_nir(text: str) -> str | None:
    """A French social security number of fifteen digits whose key is right, or None. Corsica: 2A and 2B."""
    number = "".join(c for c in text.upper() if c.isalnum())
    if len(number) != 15 or not number[13:].isdigit():
        return None
    body = number[:13].replace("2A", "19").replace("2B", "18")
    if not body.isdigit() or 97 - int(body) % 97 != int(number[13:]):
        return None
    return number
