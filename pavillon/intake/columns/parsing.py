"""Cells as people write them, read into values; every refusal names the value and the remedy.

Amounts are exact decimals in euros: "1 234,5 k€" is 1234500. Nothing is rounded: an amount with a fraction of a cent is
refused.
"""

import re
import time
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from stdnum import luhn
from stdnum.eu import vat
from stdnum.fr import siret as siret_number

from pavillon.directory.queries import WrongPhone, phone_number

UNITS = {
    "": 1,
    "€": 1,
    "eur": 1,
    "euros": 1,
    "k€": 1_000,
    "ke": 1_000,
    "keur": 1_000,
    "m€": 1_000_000,
    "meur": 1_000_000,
}
UNITS |= {"millions": 1_000_000, "md€": 1_000_000_000, "milliers": 1_000}
YES = {"1", "oui", "yes", "o", "y", "x", "vrai", "true"}
NO = {"0", "non", "no", "n", "faux", "false", "-"}
NOTHING = {"", "-", "--", "n/a", "na", "nc", "n.c.", "nr", "n.r.", "null", "none", "néant", "neant", "#n/a", "?"}
"""What people write into a cell to say that they know nothing."""

# A spreadsheet counts days from here (its own mistake about 1900 included).
SERIAL_DAYS_FROM = date(1899, 12, 30)


class BadValue(ValueError):
    """A cell that cannot be read; `str()` is the message for the person who brought the file."""


def plain(text: str) -> str:
    """Lower case without accents, signs or doubled spaces: how names of columns, countries and codes are compared."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", anyascii(text.replace("°", " ")).lower()).split())


def is_nothing(cell: str) -> bool:
    return cell.strip().lower() in NOTHING


def read_text(cell: str, longest: int) -> str:
    """One line of text. Raises BadValue when it does not fit: nothing is cut off."""
    text = " ".join(cell.split())
    if text.startswith("=") or "\0" in text:
        raise BadValue(_("“%(value)s” is a formula. Write the value itself.") % {"value": text[:60]})
    if len(text) > longest:
        raise BadValue(
            _("“%(value)s…” has %(size)s characters; %(longest)s are allowed. Shorten it.")
            % {"value": text[:40], "size": len(text), "longest": longest}
        )
    return text


def read_siren(cell: str) -> str:
    """Nine digits with a valid check digit; the zeros that a spreadsheet dropped in front are put back."""
    digits = re.sub(r"[\s.\-\u00a0]", "", cell)
    if not digits.isdigit():
        raise BadValue(_("SIREN “%(value)s”: only digits are allowed.") % {"value": cell.strip()})
    if len(digits) == 14:
        return read_siret(digits)[:9]
    if 6 <= len(digits) < 9:
        digits = digits.zfill(9)
    if len(digits) != 9:
        raise BadValue(
            _("SIREN “%(value)s” has %(size)s digits instead of 9.") % {"value": cell.strip(), "size": len(digits)}
        )
    if not luhn.is_valid(digits):
        raise BadValue(_("SIREN “%(value)s” is mistyped: its check digit does not fit.") % {"value": cell.strip()})
    return digits


def read_siret(cell: str) -> str:
    """Fourteen digits with a valid check digit (the post office's own rule included)."""
    digits = re.sub(r"[\s.\-\u00a0]", "", cell)
    if not digits.isdigit():
        raise BadValue(_("SIRET “%(value)s”: only digits are allowed.") % {"value": cell.strip()})
    if 11 <= len(digits) < 14:
        digits = digits.zfill(14)
    if len(digits) != 14:
        raise BadValue(
            _("SIRET “%(value)s” has %(size)s digits instead of 14.") % {"value": cell.strip(), "size": len(digits)}
        )
    if not siret_number.is_valid(digits):
        raise BadValue(_("SIRET “%(value)s” is mistyped: its check digit does not fit.") % {"value": cell.strip()})
    return digits


def read_vat(cell: str) -> str:
    """A VAT number of the European Union in its compact form; other countries' numbers are kept as they are."""
    number = re.sub(r"[\s.\-]", "", cell).upper()
    if vat.guess_country(number) and vat.is_valid(number):
        return str(vat.compact(number))
    if re.match(r"^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)", number):
        raise BadValue(_("VAT number “%(value)s” is not valid for its country.") % {"value": cell.strip()})
    return read_text(number, 20)


def read_whole(cell: str) -> int:
    """A count. Raises BadValue for a fraction, a negative number or words."""
    number = re.sub(r"[\s\u00a0\u202f']", "", cell)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", number):
        number = re.sub(r"[.,]", "", number)
    if re.fullmatch(r"\d+[.,]0+", number):
        number = re.split(r"[.,]", number)[0]
    if not number.isdigit() or not number.isascii():
        raise BadValue(_("“%(value)s” is not a whole number, zero or more.") % {"value": cell.strip()})
    if len(number) > 9:
        raise BadValue(_("“%(value)s” is too large.") % {"value": cell.strip()})
    return int(number)


def read_year(cell: str) -> int:
    year = read_whole(cell)
    if not 1900 <= year <= timezone.localdate().year + 10:
        raise BadValue(_("“%(value)s” is not a year: write it with four digits.") % {"value": cell.strip()})
    return year


def read_amount(cell: str, unit: int = 1) -> Decimal:
    """An amount in euros, exact to the cent. `unit` is what one counts: 1000 for a column in k€.

    A unit written in the cell wins. One separator followed by exactly three digits groups thousands unless the number
    begins with a zero: "1.234" is 1234, "0,500" is a half. Raises BadValue.
    """
    text = re.sub(r"[\s\u00a0\u202f']", "", cell).lower()
    found = re.fullmatch(r"(€|eur)?(-?[\d.,]+)(€|[a-z€]+)?", text)
    if not found or (found[3] or "") not in UNITS:
        raise BadValue(_("“%(value)s” is not an amount in euros.") % {"value": cell.strip()})
    number = found[2]
    if grouped := re.fullmatch(r"(-?\d{1,3}(?:\.\d{3})+),(\d+)|(-?\d{1,3}(?:,\d{3})+)\.(\d+)", number):
        whole, fraction = (grouped[1], grouped[2]) if grouped[1] else (grouped[3], grouped[4])
        number = f"{re.sub(r'[.,]', '', whole)}.{fraction}"
    elif re.fullmatch(r"-?[1-9]\d{0,2}([.,]\d{3})+", number):
        number = re.sub(r"[.,]", "", number)
    else:
        number = number.replace(",", ".")
    try:
        amount = Decimal(number) * (UNITS[found[3]] if found[3] and UNITS[found[3]] > 1 else unit)
    except InvalidOperation:
        raise BadValue(_("“%(value)s” is not an amount in euros.") % {"value": cell.strip()}) from None
    if amount < 0:
        raise BadValue(_("“%(value)s” is negative.") % {"value": cell.strip()})
    if amount != amount.quantize(Decimal("0.01")):
        raise BadValue(_("“%(value)s” has fractions of a cent. Write the exact amount.") % {"value": cell.strip()})
    if amount >= Decimal(10) ** 12:
        raise BadValue(_("“%(value)s” is too large: check the unit of the column.") % {"value": cell.strip()})
    return amount.quantize(Decimal("0.01"))


def unit_of(header: str) -> int:
    """What one counts in a column of amounts, from its name: "CA (k€)" is 1000."""
    words = set(re.findall(r"[a-zé€]+", header.lower()))
    return next((size for name, size in UNITS.items() if size > 1 and name in words), 1)


def read_date(cell: str) -> date:
    """A day written as 2026-11-22, 22/11/2026, 22.11.26 or as a spreadsheet's number. Days come before months."""
    text = cell.strip().split("T")[0].split(" ")[0]
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%Y/%m/%d", "%Y%m%d"):
        try:
            return date(*time.strptime(text, pattern)[:3])
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}", text) and 20_000 <= int(text) <= 80_000:
        return SERIAL_DAYS_FROM + timedelta(days=int(text))
    raise BadValue(_("“%(value)s” is not a day. Write it as 22/11/2026.") % {"value": cell.strip()})


def read_yes(cell: str) -> bool:
    word = plain(cell)
    if word in YES or word in NO:
        return word in YES
    raise BadValue(_("“%(value)s” is neither yes nor no.") % {"value": cell.strip()})


def read_email(cell: str) -> str:
    """An e-mail address, lower case; "mailto:" and pointed brackets are taken off."""
    text = re.sub(r"^mailto:", "", cell.strip(), flags=re.I)
    if found := re.search(r"<([^<>]+)>\s*$", text):
        text = found[1]
    try:
        validate_email(text.strip())
    except ValidationError:
        raise BadValue(_("“%(value)s” is not an e-mail address.") % {"value": cell.strip()}) from None
    return text.strip().lower()


def read_phone(cell: str, country: str) -> str:
    """A phone in E.164; the zero that a spreadsheet dropped in front of a French number is put back."""
    text = cell.strip()
    digits = re.sub(r"\D", "", text)
    if country == "FR" and len(digits) == 9 and not text.startswith("+"):
        text = "0" + digits
    try:
        return phone_number(text, country)
    except WrongPhone:
        raise BadValue(_("“%(value)s” is not a phone number.") % {"value": cell.strip()}) from None


def read_website(cell: str) -> str:
    """The address of a site, with its scheme."""
    text = cell.strip()
    address = text if re.match(r"^https?://", text, re.I) else f"https://{text}"
    host = urlsplit(address).hostname or ""
    if "." not in host or " " in text or len(address) > 200:
        raise BadValue(_("“%(value)s” is not the address of a website.") % {"value": text[:80]})
    return address


def read_choice(cell: str, choices: type[TextChoices]) -> str:
    """One of a few fixed words, by its code or by its name in either language. Raises BadValue."""
    wanted = plain(cell)
    for language in ("fr", "en"):
        with translation.override(language):
            for choice in choices:
                if wanted in (plain(choice.value), plain(str(choice.label))):
                    return str(choice.value)
    known = ", ".join(str(choice.label) for choice in choices)
    raise BadValue(_("“%(value)s” is none of these: %(known)s.") % {"value": cell.strip(), "known": known})


def read_choices(cell: str, choices: type[TextChoices]) -> list[str]:
    """Several of a few fixed words, by codes or by names in either language, however they are set apart.

    Raises BadValue for a word that is none of them.
    """
    rest, found = f" {plain(cell)} ", set()
    named: list[tuple[str, str]] = []
    for language in ("fr", "en"):
        with translation.override(language):
            named += [(plain(str(choice.label)), str(choice.value)) for choice in choices]
    # Whole names first, the longest before those that they contain; then codes.
    for words, value in [
        *sorted(named, key=lambda one: -len(one[0])),
        *((plain(one.value), one.value) for one in choices),
    ]:
        if f" {words} " in rest:
            rest = rest.replace(f" {words} ", "  ")
            found.add(value)
    if not found or rest.strip():
        known = ", ".join(str(choice.label) for choice in choices)
        raise BadValue(_("“%(value)s” is none of these: %(known)s.") % {"value": cell.strip(), "known": known})
    return sorted(found)


def read_code(cell: str, codes: Mapping[str, str], what: str) -> str:
    """A code of a reference list, found by its code or by one of its names (compared by `plain`). Raises BadValue."""
    found = codes.get(plain(cell))
    if found is None:
        raise BadValue(
            _("“%(value)s” is not a %(what)s that we know. Correct it, or leave the cell empty.")
            % {"value": cell.strip(), "what": what}
        )
    return found
