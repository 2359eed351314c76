"""Postal addresses: number, street, postcode, department and town, whatever the writing."""

import re
from functools import lru_cache
from typing import NamedTuple

from pavillon.matching.engine.text import digits, plain, words

# Ways to write the kinds of streets; French first, then those of English-speaking countries.
_STREET_KINDS = {
    "R": "RUE", "AV": "AVENUE", "AVE": "AVENUE", "BD": "BOULEVARD", "BLD": "BOULEVARD", "BVD": "BOULEVARD",
    "BLVD": "BOULEVARD", "BOUL": "BOULEVARD", "PL": "PLACE", "CH": "CHEMIN", "CHE": "CHEMIN", "CHEM": "CHEMIN",
    "RTE": "ROUTE", "IMP": "IMPASSE", "ALL": "ALLEE", "ALLEES": "ALLEE", "SQ": "SQUARE", "CRS": "COURS",
    "FG": "FAUBOURG",
    "FBG": "FAUBOURG", "PAS": "PASSAGE", "PASS": "PASSAGE", "QU": "QUAI", "LOT": "LOTISSEMENT", "RES": "RESIDENCE",
    "ESP": "ESPLANADE", "RPT": "ROND POINT", "VLA": "VILLA", "VOI": "VOIE", "HAM": "HAMEAU", "DOM": "DOMAINE",
    "LD": "LIEU DIT", "LDIT": "LIEU DIT", "QUA": "QUARTIER", "QRT": "QUARTIER", "BAT": "BATIMENT", "IMM": "IMMEUBLE",
    "ZI": "ZONE INDUSTRIELLE", "ZA": "ZONE ARTISANALE", "ZAC": "ZONE ACTIVITE", "ZAE": "ZONE ACTIVITE",
    "PA": "PARC ACTIVITE", "ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "GAL": "GENERAL", "GEN": "GENERAL",
    "MAL": "MARECHAL", "MAR": "MARECHAL", "DR": "DOCTEUR", "PDT": "PRESIDENT", "PRES": "PRESIDENT",
    "PROF": "PROFESSEUR",
    "CDT": "COMMANDANT", "COL": "COLONEL", "CNE": "CAPITAINE", "CAP": "CAPITAINE", "LT": "LIEUTENANT", "NTRE": "NOTRE",
    "STREET": "STREET", "STR": "STREET", "ROAD": "ROAD", "RD": "ROAD", "CRES": "CRESCENT", "CT": "COURT",
    "DRV": "DRIVE",
}  # fmt: skip
_SMALL = words("DE DU DES D LA LE LES L A AU AUX ET EN SUR SOUS LES ACTIVITES ACTIVITE THE OF")
_NUMBER = re.compile(r"^(\d{1,5})(?: ?(BIS|TER|QUATER|[A-E])(?= |$))?(?: ?(?:ET|A|/)? ?\d{1,4}(?= ))?")
# A letter box says where letters go, not where the company is.
_BOX = re.compile(r"\b(?:BP|CS|TSA|BOITE POSTALE|CASE POSTALE|CIDEX|PO BOX)\s*(?:N(?:O|UMERO)?\s*)?\d+\b")
_CEDEX = re.compile(r"\bCEDEX\b(?:\s*\d{1,2}\b)?")
_POSTCODE_AND_TOWN = re.compile(r"\b(\d{5}) ([A-Z][A-Z0-9 ]+)$")


class Address(NamedTuple):
    """An address in comparable pieces; None is unknown."""

    number: str | None
    street: str | None
    postcode: str | None
    area: str | None
    town: str | None


@lru_cache(maxsize=200_000)
def street_of(text: str) -> tuple[str | None, str | None]:
    """(number, street) of an address line: "12 bis, bd. St-Michel BP 12" gives ("12", "BOULEVARD SAINT MICHEL")."""
    line = _CEDEX.sub(" ", _BOX.sub(" ", plain(text))).strip()
    if not line:
        return None, None
    number = None
    found = _NUMBER.match(line)
    if found:
        number, line = found.group(1).lstrip("0") or None, line[found.end() :]
    written = [_STREET_KINDS.get(word, word) for word in line.split()]
    kept = [word for word in written if word not in _SMALL] or written
    return number, " ".join(kept) or None


@lru_cache(maxsize=100_000)
def town_of(text: str) -> str | None:
    """A town as it is compared: no CEDEX, no district number, SAINT written out."""
    line = _CEDEX.sub(" ", plain(text)).strip()
    said = ["SAINT" if w == "ST" else "SAINTE" if w == "STE" else w for w in line.split()]
    while len(said) > 1 and (said[-1] == "ARRONDISSEMENT" or said[-1].rstrip("EMR").isdigit()):
        said.pop()
    return " ".join([word for word in said if word not in _SMALL] or said) or None


def postcode_of(text: str) -> str | None:
    """A postcode. Four digits get the zero that spreadsheets eat ("6000" is 06000), in countries that have four too."""
    if text.isdigit() and len(text) == 5:
        return text
    flat = plain(text).removeprefix("F ").replace(" ", "").removesuffix("CEDEX")
    if flat.isdigit() and len(flat) == 4:
        return f"0{flat}"
    return flat[:10] or None


def area_of(postcode: str | None) -> str | None:
    """The part of a postcode that names an area: the department in France."""
    if not postcode or len(postcode) < 3:
        return postcode
    if len(postcode) == 5 and postcode.isdigit():
        return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]
    return postcode[:2]


def address_of(line: str, postcode: str = "", town: str = "", number: str = "") -> Address:
    """Address from its cells. A line that ends with postcode and town gives those that have no cell of their own."""
    code = postcode_of(postcode) if postcode else None
    place = town_of(town) if town else None
    if line and (code is None or place is None):
        found = _POSTCODE_AND_TOWN.search(_CEDEX.sub(" ", plain(line)).strip())
        if found:
            code = code or found.group(1)
            place = place or town_of(found.group(2))
            line = plain(line)[: found.start()]
    own, street = street_of(line) if line else (None, None)
    if number:
        own = digits(number).lstrip("0") or own
    return Address(own, street, code, area_of(code), place)
