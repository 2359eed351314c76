"""Phones, e-mails and websites in the one form under which equal ones are found."""

from urllib.parse import urlsplit

import phonenumbers

# A number of Réunion written "0262…" is unknown to metropolitan France: the overseas plans are tried next.
FRENCH_PLANS = ("FR", "RE", "GP", "MQ", "GF", "YT", "NC", "PF")
# Two companies that share one of these share nothing.
FREE_MAIL = frozenset(
    {
        "bbox.fr", "free.fr", "gmail.com", "gmx.de", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net",
        "live.fr", "orange.fr", "outlook.com", "outlook.fr", "proton.me", "sfr.fr",
        "wanadoo.fr", "yahoo.com", "yahoo.fr",
    }
)  # fmt: skip


class WrongPhone(ValueError):
    """No country has such a number."""


def phone_number(value: str, country: str = "FR") -> str:
    """A phone number in E.164 ("+33298861234"). "" stays "". Raises WrongPhone."""
    if not value.strip():
        return ""
    for plan in FRENCH_PLANS if country == "FR" else (country, "FR"):
        try:
            number = phonenumbers.parse(value, plan)
        except phonenumbers.NumberParseException:
            continue
        # Numbers of the demo lie in ranges that no operator has: possible is enough when the country is given.
        is_international = value.strip().startswith("+") and phonenumbers.is_possible_number(number)
        if phonenumbers.is_valid_number(number) or is_international:
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise WrongPhone(value)


def plain_phone(value: str) -> str:
    """E.164, so that equal numbers have equal indexes. An unknown number is kept as it came: imports bring some."""
    try:
        return phone_number(value)
    except WrongPhone:
        return value.strip()


def shown_phone(value: str) -> str:
    """A stored number as people read it: French ones in pairs, foreign ones with their country."""
    try:
        number = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException:
        return value
    kind = phonenumbers.PhoneNumberFormat
    is_french = number.country_code == 33
    return str(phonenumbers.format_number(number, kind.NATIONAL if is_french else kind.INTERNATIONAL))


def domain_of(address: str) -> str:
    """The domain of a website or an e-mail, "" when it tells nothing about the company (free mail)."""
    host = address.rsplit("@", 1)[-1] if "@" in address else urlsplit(address).hostname or ""
    host = host.strip().lower().removeprefix("www.")
    return "" if host in FREE_MAIL or "." not in host else host
