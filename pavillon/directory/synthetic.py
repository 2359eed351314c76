"""An invented register in the layout of SIRENE: real places and activities, no real company.

The same seed makes the same files. Check digits are right, towns are drawn by their population, activities and sizes at
plausible frequencies; names are composed of trades, landscapes and invented families, each used once. A number may by
chance be that of a real company: everything that comes from here is labelled as invented.
"""

import csv
import tomllib
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from stdnum import luhn

from pavillon.directory.sirene import SYNTHETIC

FIRST_DAY, LAST_DAY = date(1962, 1, 1), date(2026, 6, 30)

_WORDS = tomllib.loads((Path(__file__).parent / "data" / "invented_words.toml").read_text(encoding="utf-8"))
PLACES: list[str] = _WORDS["places"]
FAMILIES: list[str] = _WORDS["families"]
FIRST_NAMES: list[str] = _WORDS["first_names"]
STREETS: dict[str, list[str]] = _WORDS["streets"]
# NAF rév. 2 code: (weight, words that begin a name). No open table gives the NAF 2025 code: that column stays empty.
TRADES: dict[str, tuple[int, list[str]]] = {
    code: (trade["weight"], trade["words"]) for code, trade in _WORDS["trades"].items()
}
# Headcount band: (weight, category). Most French units employ nobody.
BANDS = {
    "NN": (44, "PME"), "00": (5, "PME"), "01": (19, "PME"), "02": (11, "PME"), "03": (8, "PME"),
    "11": (6, "PME"), "12": (4, "PME"), "21": (1.6, "PME"), "22": (0.8, "PME"),
    "31": (0.2, "ETI"), "32": (0.3, "ETI"), "41": (0.1, "ETI"), "42": (0.05, "ETI"),
    "51": (0.02, "GE"), "52": (0.01, "GE"),
}  # fmt: skip
LEGAL = {"5710": 32, "5499": 30, "5720": 16, "5498": 8, "5599": 3, "6540": 5, "6599": 2, "5202": 1, "9220": 3}


@dataclass(frozen=True)
class Place:
    """A commune as the generator needs it."""

    code: str
    name: str
    postal_code: str
    population: int


@dataclass(frozen=True)
class Unit:
    """A unit of the invented register with its head office."""

    siren: str
    name: str
    activity: str
    place: Place
    band: str = "11"
    legal: str = "5710"
    size: str = "PME"
    created_on: date = date(2004, 3, 1)
    closed_on: date | None = None
    first_name: str = ""
    trade_name: str = ""
    is_partial: bool = False
    street_number: str = "1"
    street: tuple[str, str] = ("RUE", "DU PORT")


UNIT_HEADER = [
    "siren",
    "statutDiffusionUniteLegale",
    "unitePurgeeUniteLegale",
    "dateCreationUniteLegale",
    "sigleUniteLegale",
    "sexeUniteLegale",
    "prenom1UniteLegale",
    "prenom2UniteLegale",
    "prenom3UniteLegale",
    "prenom4UniteLegale",
    "prenomUsuelUniteLegale",
    "pseudonymeUniteLegale",
    "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale",
    "anneeEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale",
    "categorieEntreprise",
    "anneeCategorieEntreprise",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
    "economieSocialeSolidaireUniteLegale",
    "societeMissionUniteLegale",
    "caractereEmployeurUniteLegale",
    "activitePrincipaleNAF25UniteLegale",
]
OFFICE_HEADER = [
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "anneeEffectifsEtablissement",
    "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "nombrePeriodesEtablissement",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "dernierNumeroVoieEtablissement",
    "indiceRepetitionDernierNumeroVoieEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
    "libellePaysEtrangerEtablissement",
    "identifiantAdresseEtablissement",
    "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement",
    "complementAdresse2Etablissement",
    "numeroVoie2Etablissement",
    "indiceRepetition2Etablissement",
    "typeVoie2Etablissement",
    "libelleVoie2Etablissement",
    "codePostal2Etablissement",
    "libelleCommune2Etablissement",
    "libelleCommuneEtranger2Etablissement",
    "distributionSpeciale2Etablissement",
    "codeCommune2Etablissement",
    "codeCedex2Etablissement",
    "libelleCedex2Etablissement",
    "codePaysEtranger2Etablissement",
    "libellePaysEtranger2Etablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
    "activitePrincipaleNAF25Etablissement",
]


def nic_of(siren: str, office: int = 1) -> str:
    """The five digits that number an establishment of a unit: four, and the check digit of the whole SIRET."""
    digits = f"{siren}{office:04d}"
    return f"{office:04d}{luhn.calc_check_digit(digits)}"


class _Chooser:
    """Draws by weight, quickly."""

    def __init__(self, weights: Iterable[tuple[Any, float]]) -> None:
        self.values, shares = zip(*weights, strict=True)
        self.ends = list(accumulate(shares))

    def draw(self, random: Random) -> Any:
        return self.values[bisect(self.ends, random.random() * self.ends[-1])]


def siren_of(eight_digits: str) -> str:
    """A SIREN: eight digits and their check digit."""
    return eight_digits + luhn.calc_check_digit(eight_digits)


def make_units(size: int, places: Sequence[Place], *, seed: int = 53, reserved: Sequence[Unit] = ()) -> Iterator[Unit]:
    """`size` units, the reserved ones first. Same arguments, same units."""
    random = Random(seed)  # noqa: S311
    towns = _Chooser([(place, place.population) for place in places if place.population])
    trades = _Chooser([(code, trade[0]) for code, trade in TRADES.items()])
    bands = _Chooser([(code, band[0]) for code, band in BANDS.items()])
    forms = _Chooser(list(LEGAL.items()))
    sirens = {unit.siren for unit in reserved}
    names = {unit.name.upper() for unit in reserved}
    yield from reserved
    for _number in range(max(0, size - len(reserved))):
        siren = siren_of(f"{random.randrange(30_000_000, 98_000_000):08d}")
        while siren in sirens:
            siren = siren_of(f"{random.randrange(30_000_000, 98_000_000):08d}")
        sirens.add(siren)
        activity, place, band = trades.draw(random), towns.draw(random), bands.draw(random)
        created = FIRST_DAY + timedelta(days=int((LAST_DAY - FIRST_DAY).days * random.random() ** 0.5))
        kind, ways = random.choice(list(STREETS.items()))
        unit = Unit(
            siren=siren,
            name=_name(random, activity, place, names),
            activity=activity,
            place=place,
            band=band,
            legal=forms.draw(random),
            size=BANDS[band][1],
            created_on=created,
            street_number=str(random.randrange(1, 160)),
            street=(kind, random.choice(ways)),
        )
        if band in ("NN", "00", "01") and random.random() < 0.28:
            unit = replace(
                unit,
                legal="1000",
                name=random.choice(FAMILIES).upper(),
                first_name=random.choice(FIRST_NAMES).upper(),
                trade_name=unit.name if random.random() < 0.4 else "",
                is_partial=random.random() < 0.3,
            )
        elif random.random() < 0.01:
            unit = replace(unit, is_partial=True)
        if random.random() < 0.12:
            unit = replace(unit, closed_on=created + timedelta(days=int((LAST_DAY - created).days * random.random())))
        yield unit


def _name(random: Random, activity: str, place: Place, names: set[str]) -> str:
    """A name that no other unit has."""
    trade = random.choice(TRADES[activity][1])
    second = f"{random.choice(PLACES)}" if random.random() < 0.6 else random.choice(FAMILIES)
    if random.random() < 0.2 and " " not in trade:
        second = random.choice(FAMILIES)
        name = f"{second} {trade}"
    else:
        name = f"{trade} {second}"
    for extra in ("", place.name, f"{place.name} {random.randrange(2, 99)}", str(random.randrange(100, 10**6))):
        tried = f"{name} {extra}".strip().upper()
        if tried not in names:
            break
    names.add(tried)
    return tried


def unit_row(unit: Unit) -> list[str]:
    """A line of StockUniteLegale."""
    is_person = unit.legal == "1000"
    hidden = is_person and unit.is_partial
    values = {
        "siren": unit.siren,
        "statutDiffusionUniteLegale": "P" if unit.is_partial else "O",
        "dateCreationUniteLegale": unit.created_on.isoformat(),
        "prenom1UniteLegale": ("[ND]" if hidden else unit.first_name) if is_person else "",
        "prenomUsuelUniteLegale": ("[ND]" if hidden else unit.first_name) if is_person else "",
        "trancheEffectifsUniteLegale": unit.band,
        "anneeEffectifsUniteLegale": "" if unit.band == "NN" else "2024",
        "dateDernierTraitementUniteLegale": "2026-06-30T06:00:00",
        "nombrePeriodesUniteLegale": "2" if unit.closed_on else "1",
        "categorieEntreprise": unit.size,
        "anneeCategorieEntreprise": "2024",
        "dateDebut": (unit.closed_on or unit.created_on).isoformat(),
        "etatAdministratifUniteLegale": "C" if unit.closed_on else "A",
        "nomUniteLegale": ("[ND]" if hidden else unit.name) if is_person else "",
        "denominationUniteLegale": "" if is_person else unit.name.upper(),
        "denominationUsuelle1UniteLegale": "[ND]" if hidden else unit.trade_name,
        "categorieJuridiqueUniteLegale": unit.legal,
        "activitePrincipaleUniteLegale": unit.activity,
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "nicSiegeUniteLegale": nic_of(unit.siren),
        "economieSocialeSolidaireUniteLegale": "N",
        "caractereEmployeurUniteLegale": "N" if unit.band in ("NN", "00") else "O",
    }
    return [values.get(name, "") for name in UNIT_HEADER]


def office_row(unit: Unit) -> list[str]:
    """A line of StockEtablissement: the head office."""
    number, (kind, way) = unit.street_number, unit.street
    values = {
        "siren": unit.siren,
        "nic": nic_of(unit.siren),
        "siret": unit.siren + nic_of(unit.siren),
        "statutDiffusionEtablissement": "P" if unit.is_partial else "O",
        "dateCreationEtablissement": unit.created_on.isoformat(),
        "trancheEffectifsEtablissement": unit.band,
        "etablissementSiege": "true",
        "nombrePeriodesEtablissement": "1",
        "numeroVoieEtablissement": "[ND]" if unit.is_partial else number,
        "typeVoieEtablissement": "[ND]" if unit.is_partial else kind,
        "libelleVoieEtablissement": "[ND]" if unit.is_partial else way,
        "codePostalEtablissement": unit.place.postal_code,
        "libelleCommuneEtablissement": unit.place.name.upper(),
        "codeCommuneEtablissement": unit.place.code,
        "dateDebut": (unit.closed_on or unit.created_on).isoformat(),
        "etatAdministratifEtablissement": "F" if unit.closed_on else "A",
        "activitePrincipaleEtablissement": unit.activity,
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "caractereEmployeurEtablissement": "N" if unit.band in ("NN", "00") else "O",
    }
    return [values.get(name, "") for name in OFFICE_HEADER]


def write_files(units: Iterable[Unit], folder: Path) -> tuple[Path, Path]:
    """Write the two stock files of the units. Returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / f"StockUniteLegale{SYNTHETIC}.csv", folder / f"StockEtablissement{SYNTHETIC}.csv"
    with (
        paths[0].open("w", encoding="utf-8", newline="") as first,
        paths[1].open("w", encoding="utf-8", newline="") as second,
    ):
        legal, offices = csv.writer(first), csv.writer(second)
        legal.writerow(UNIT_HEADER)
        offices.writerow(OFFICE_HEADER)
        for unit in units:
            legal.writerow(unit_row(unit))
            offices.writerow(office_row(unit))
    return paths
