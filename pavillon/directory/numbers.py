"""Numbers by which companies are known, checked as each country computes them (python-stdnum)."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _
from stdnum import get_cc_module, luhn
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siret as fr_siret

# The register number of companies in some countries, as modules of stdnum; elsewhere only signs are taken off.
NATIONAL = {
    "AU": "au.acn",
    "BE": "be.vat",
    "BR": "br.cnpj",
    "CA": "ca.bn",
    "CH": "ch.uid",
    "CL": "cl.rut",
    "CN": "cn.uscc",
    "CO": "co.nit",
    "CZ": "cz.dic",
    "DK": "dk.cvr",
    "EE": "ee.registrikood",
    "ES": "es.cif",
    "FI": "fi.ytunnus",
    "IN": "in_.gstin",
    "IT": "it.iva",
    "JP": "jp.cn",
    "KR": "kr.brn",
    "MX": "mx.rfc",
    "NO": "no.orgnr",
    "PL": "pl.regon",
    "PT": "pt.nif",
    "RO": "ro.cf",
    "SE": "se.orgnr",
    "TR": "tr.vkn",
    "TW": "tw.ubn",
    "US": "us.ein",
}
# Countries whose VAT numbers begin with another code than their own.
VAT_PREFIX = {"GR": "EL"}
_SIGNS = re.compile(r"[\s.\-/]+")


class WrongNumber(ValueError):
    """The number is none of its kind; the message names the number, the fault and the remedy."""


def plain_number(value: str) -> str:
    """Letters and digits in upper case, no signs."""
    return _SIGNS.sub("", value).upper()


def check_siret(value: str) -> str:
    """The fourteen digits of a SIRET. Raises WrongNumber naming the fault (check digit: Luhn, La Poste's rule too)."""
    siret = plain_number(value)
    if not siret.isdigit():
        raise WrongNumber(_("SIRET %(siret)s: only digits are allowed.") % {"siret": value})
    if len(siret) != 14:
        raise WrongNumber(
            _("SIRET %(siret)s has %(count)s digits instead of 14: the SIREN and the five digits of the site.")
            % {"siret": value, "count": len(siret)}
        )
    if not (fr_siret.is_valid(siret) or luhn.is_valid(siret)):
        raise WrongNumber(_("SIRET %(siret)s is mistyped: its check digit does not fit the others.") % {"siret": value})
    return siret


def french_vat_number(siren: str) -> str:
    """The VAT number that follows from a SIREN: FR, the key (12 + 3 × (SIREN mod 97)) mod 97, the SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def check_vat_number(value: str, *, country: str, siren: str | None = None) -> str:
    """A VAT number without signs, with its country in front. Raises WrongNumber.

    Countries whose VAT numbers we cannot check are taken as they come (4 to 20 letters and digits).
    """
    number = plain_number(value)
    prefix = VAT_PREFIX.get(country, country)
    if number[:2].isalpha() and number[:2] != prefix:
        raise WrongNumber(
            _("VAT number %(number)s is of another country than the company (%(country)s).")
            % {"number": value, "country": country}
        )
    number = number if number.startswith(prefix) else prefix + number
    _check(get_cc_module(country, "vat"), number, _("VAT number %(number)s"))
    if country == "FR" and siren and number[-9:] != siren:
        raise WrongNumber(
            _("VAT number %(number)s does not end with the SIREN %(siren)s.") % {"number": value, "siren": siren}
        )
    return number


def check_national_number(country: str, value: str) -> str:
    """A company's number in the register of its country, without signs. Raises WrongNumber."""
    number = plain_number(value)
    if country == "FR":
        raise WrongNumber(_("A company in France is known by its SIREN."))
    module = import_module(f"stdnum.{NATIONAL[country]}") if country in NATIONAL else None
    _check(module, number, _("Number %(number)s"))
    return number


def _check(module: Any, number: str, name: str) -> None:
    """Ask the module, or only for a plausible form when there is none. Raises WrongNumber."""
    named = name % {"number": number}
    if module is None:
        if not re.fullmatch(r"[A-Z0-9]{4,40}", number):
            raise WrongNumber(_("%(number)s: write 4 to 40 letters and digits.") % {"number": named})
        return
    validate: Callable[[str], str] = module.validate
    try:
        validate(number)
    except InvalidLength as error:
        raise WrongNumber(_("%(number)s has not the right length for its country.") % {"number": named}) from error
    except InvalidChecksum as error:
        raise WrongNumber(
            _("%(number)s is mistyped: its check digit does not fit the others.") % {"number": named}
        ) from error
    except ValidationError as error:
        raise WrongNumber(_("%(number)s is not written as numbers of its country are.") % {"number": named}) from error
