"""A country of invented companies, made in pieces: the same seed makes the same piece, whatever was made before.

A piece knows its companies, their offices, people, exchanges and requests. Pieces are independent, so that two
processes make them side by side and nothing is kept in memory but a few. Check digits are right, towns are drawn by
their population, sizes and activities at plausible frequencies; few companies get most of the attention, as in life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, product
from random import Random

from pavillon.directory.names import plain, readable
from pavillon.directory.synthetic import (
    BANDS,
    FAMILIES,
    FIRST_DAY,
    FIRST_NAMES,
    LAST_DAY,
    LEGAL,
    OFFICE_HEADER,
    PLACES,
    STREETS,
    TRADES,
    UNIT_HEADER,
)

PIECE = 20_000
# Numbers of eight digits, each used once (the step has no common factor with their count) and ascending, as in the
# official files. The demo draws its own above.
FIRST_SIREN, SIRENS, SIREN_STEP = 10_000_000, 20_000_000, 19
DAYS = (LAST_DAY - FIRST_DAY).days
# "NN" and the smallest bands: people on their own account.
ALONE = frozenset({"NN", "00", "01"})
EXPORT = {"not_exporter": 66, "potential": 14, "occasional": 7, "regular": 4, "": 9}
JOBS = {
    "Gérant": (20, True),
    "Directrice générale": (8, True),
    "Directeur général": (10, True),
    "Présidente": (6, True),
    "Responsable export": (8, True),
    "Directeur commercial": (8, True),
    "Assistante de direction": (10, False),
    "Comptable": (10, False),
    "Responsable achats": (6, False),
    "Ingénieure technico-commerciale": (5, False),
    "Responsable marketing": (5, False),
    "": (4, False),
}
FREE_MAIL = ("orange.fr", "gmail.com", "wanadoo.fr", "free.fr", "laposte.net", "outlook.fr")
ABROAD = ("DE", "IT", "ES", "GB", "US", "NL", "BE", "CN", "MA", "PL")


@dataclass(frozen=True)
class Town:
    """A commune: its INSEE code, name, first postal code, inhabitants and region."""

    code: str
    name: str
    postal_code: str
    population: int
    region: str


@dataclass(frozen=True)
class Size:
    """How much to make."""

    companies: int
    contacts: int
    interactions: int
    leads: int

    def span(self, total: int, first: int, last: int) -> tuple[int, int]:
        """The numbers, out of `total`, that belong to the companies from `first` to before `last`."""
        return total * first // self.companies, total * last // self.companies


@dataclass
class Office:
    """An establishment: its SIRET, where, and whether it is the head office and open."""

    siret: str
    town: Town
    street: str
    is_seat: bool = False
    closed_on: date | None = None


@dataclass
class Firm:
    """A company and its offices. `name` and `trade_name` in capitals, as the register writes them."""

    number: int
    siren: str
    name: str
    legal: str
    activity: str
    band: str
    size: str
    town: Town
    created_on: date
    closed_on: date | None
    is_partial: bool
    first_name: str = ""
    trade_name: str = ""
    website: str = ""
    export_class: str = ""
    turnover: int | None = None
    export_turnover: int | None = None
    offices: list[Office] = field(default_factory=list)

    @property
    def is_person(self) -> bool:
        return self.legal == "1000"

    @property
    def is_foreign(self) -> bool:
        """One in fifty is known to the base as a foreign group, not by the register."""
        return self.number % 50 == 49

    @property
    def public_name(self) -> str:
        if self.is_person and self.is_partial:
            return f"Entreprise {self.siren} (nom non publié)"
        return readable(f"{self.first_name} {self.name}".strip())


def luhn_digit(digits: str) -> str:
    """The last digit that makes the sum of a number's digits, every second one doubled, end with 0."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siren_of(number: int) -> str:
    digits = str(FIRST_SIREN + number * SIREN_STEP % SIRENS)
    return digits + luhn_digit(digits)


def siret_of(siren: str, office: int) -> str:
    digits = f"{siren}{office:04d}"
    return digits + luhn_digit(digits)


@cache
def surnames() -> tuple[list[str], list[float]]:
    """Some sixteen thousand invented family names and their cumulated frequencies: few are common, most are rare."""
    starts = "Ker Le Bel Mar Gau Pon Vil Cha Du De Mon Lam Ros Gir Per Car Bou Del Fer Gal Hau Jan Lab Mer Nau Pel Rab"
    middles = "ba bo ca cho da du ga gi la li lo ma mi na ni pa ra ri ro sa si ta te ti va vi zo"
    ends = "rd ult nd tier ville gnon dec neau lin ret son tte zac guen mont cq ric las ssier che vin rel"
    made = ["".join(parts) for parts in product(starts.split(), middles.split(), ends.split())]
    Random(1).shuffle(made)
    names = [*FAMILIES, *made]
    return names, list(accumulate(1 / (rank + 40) for rank in range(len(names))))


@cache
def brands() -> list[str]:
    """Names without a meaning, as shareholders like them."""
    starts = (
        "Arme Nova Tecno Sola Vita Bio Medi Aqua Ino Cyto Lumi Opti Vega Ori Ela Axi Corde Delta Erga Futu Gali Heli "
        "Isi Juri Kali Logi Meca Neo Omni Poly Quanta Rivo Syner Terra Ultra Vento Xylo Ymo Zena Albo Brio Calia"
    )
    ends = (
        "lys tek via dis pack sys form matic line care sol net logis nord mar tech gen pharm ris dom bat plast metal "
        "scope tron verre flux prim stock mod lab eo ane ium ix"
    )
    return [a + b for a, b in product(starts.split(), ends.split())]


@cache
def chooser(which: str) -> tuple[list[str], list[float]]:
    weights: dict[str, float] = {
        "trades": {code: trade[0] for code, trade in TRADES.items()},
        "bands": {code: band[0] for code, band in BANDS.items()},
        "legal": LEGAL,
        "export": EXPORT,
        "jobs": {job: weight for job, (weight, _decides) in JOBS.items()},
    }[which]  # type: ignore[assignment]
    return list(weights), list(accumulate(weights.values()))


def make_firms(piece: int, size: Size, towns: Sequence[Town], ends: Sequence[int], seed: int) -> Iterator[Firm]:
    """The companies of a piece. `ends`: the towns' populations, cumulated."""
    random = Random(f"{seed} firms {piece}")
    first, last = piece * PIECE, min((piece + 1) * PIECE, size.companies)
    count = last - first
    places = random.choices(towns, cum_weights=ends, k=count)
    columns = {
        name: random.choices(chooser(name)[0], cum_weights=chooser(name)[1], k=count)
        for name in ("trades", "bands", "legal", "export")
    }
    families = random.choices(surnames()[0], cum_weights=surnames()[1], k=count)
    for i, number in enumerate(range(first, last)):
        siren, town, band, activity = siren_of(number), places[i], columns["bands"][i], columns["trades"][i]
        draw = random.random
        created = FIRST_DAY + timedelta(days=int(DAYS * draw() ** 0.5))
        closed = created + timedelta(days=int((LAST_DAY - created).days * draw())) if draw() < 0.12 else None
        name = _name(random, activity, families[i], town)
        firm = Firm(
            number, siren, plain(name), columns["legal"][i], activity, band, BANDS[band][1], town, created, closed,
            draw() < 0.01,
        )  # fmt: skip
        if band in ALONE and draw() < 0.28:
            firm.legal, firm.is_partial = "1000", draw() < 0.3
            firm.trade_name = firm.name if draw() < 0.4 else ""
            firm.name, firm.first_name = plain(families[i]), plain(random.choice(FIRST_NAMES))
        elif draw() < 0.45:
            firm.website = f"https://www.{plain(name).lower().replace(' ', '-')}-{number % 997}.example"
        firm.export_class = "not_exporter" if firm.is_person else columns["export"][i]
        if not firm.is_person and draw() < 0.6:
            firm.turnover = int(random.lognormvariate(12.5 + 0.35 * int(band if band.isdigit() else 0) ** 0.5, 0.9))
            share = {"regular": 0.6, "occasional": 0.2}.get(firm.export_class, 0)
            firm.export_turnover = int(firm.turnover * share * draw())
        firm.offices = list(_offices(random, firm, towns, ends))
        yield firm


def _name(random: Random, activity: str, family: str, town: Town) -> str:
    draw = random.random()
    if draw < 0.25:
        name = f"{random.choice(TRADES[activity][1])} {random.choice(PLACES)}"
        return name if random.random() < 0.5 else f"{name} {town.name}"
    if draw < 0.55:
        return f"{random.choice(TRADES[activity][1])} {family}"
    if draw < 0.62:
        return f"Établissements {family}"
    if draw < 0.74:
        return random.choice(brands())
    if draw < 0.86:
        return f"{random.choice(brands())} {random.choice(TRADES[activity][1])}"
    if draw < 0.93:
        return f"{family} et {random.choice(('fils', 'filles', 'associés', 'frères'))}"
    return f"{family} {random.choice(TRADES[activity][1])} {town.name}"


def _offices(random: Random, firm: Firm, towns: Sequence[Town], ends: Sequence[int]) -> Iterator[Office]:
    yield Office(siret_of(firm.siren, 1), firm.town, _street(random), True, firm.closed_on)
    more = 0 if firm.is_person or random.random() < 0.8 else random.choice((1, 1, 1, 2, 2, 3, 6))
    for number in range(more):
        near = random.random() < 0.6
        closed = LAST_DAY - timedelta(days=random.randrange(2000)) if random.random() < 0.3 else firm.closed_on
        town = firm.town if near else random.choices(towns, cum_weights=ends)[0]
        yield Office(siret_of(firm.siren, number + 2), town, _street(random), False, closed)


def _street(random: Random) -> str:
    kind = random.choice(tuple(STREETS))
    return f"{random.randrange(1, 160)} {kind} {random.choice(STREETS[kind])}"


_UNIT = ",".join(
    {
        "siren": "{siren}",
        "statutDiffusionUniteLegale": "{diffusion}",
        "dateCreationUniteLegale": "{created}",
        "prenom1UniteLegale": "{first}",
        "prenomUsuelUniteLegale": "{first}",
        "trancheEffectifsUniteLegale": "{band}",
        "anneeEffectifsUniteLegale": "2024",
        "dateDernierTraitementUniteLegale": "2026-06-30T06:00:00",
        "nombrePeriodesUniteLegale": "1",
        "categorieEntreprise": "{size}",
        "anneeCategorieEntreprise": "2024",
        "dateDebut": "{since}",
        "etatAdministratifUniteLegale": "{state}",
        "nomUniteLegale": "{last}",
        "denominationUniteLegale": "{name}",
        "denominationUsuelle1UniteLegale": "{usual}",
        "categorieJuridiqueUniteLegale": "{legal}",
        "activitePrincipaleUniteLegale": "{activity}",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "nicSiegeUniteLegale": "{nic}",
        "economieSocialeSolidaireUniteLegale": "N",
        "caractereEmployeurUniteLegale": "{employs}",
    }.get(name, "")
    for name in UNIT_HEADER
)
_OFFICE = ",".join(
    {
        "siren": "{siren}",
        "nic": "{nic}",
        "siret": "{siret}",
        "statutDiffusionEtablissement": "{diffusion}",
        "dateCreationEtablissement": "{created}",
        "trancheEffectifsEtablissement": "{band}",
        "etablissementSiege": "{seat}",
        "nombrePeriodesEtablissement": "1",
        "numeroVoieEtablissement": "{number}",
        "typeVoieEtablissement": "{kind}",
        "libelleVoieEtablissement": "{way}",
        "codePostalEtablissement": "{postal}",
        "libelleCommuneEtablissement": "{town}",
        "codeCommuneEtablissement": "{commune}",
        "dateDebut": "{since}",
        "etatAdministratifEtablissement": "{state}",
        "activitePrincipaleEtablissement": "{activity}",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "caractereEmployeurEtablissement": "{employs}",
    }.get(name, "")
    for name in OFFICE_HEADER
)


def unit_line(firm: Firm) -> str:
    """A line of StockUniteLegale."""
    hidden = firm.is_person and firm.is_partial
    return _UNIT.format(
        siren=firm.siren,
        diffusion="P" if firm.is_partial else "O",
        created=firm.created_on,
        first="[ND]" if hidden else firm.first_name,
        last="[ND]" if hidden else firm.name if firm.is_person else "",
        name="" if firm.is_person else firm.name,
        usual="[ND]" if hidden else firm.trade_name,
        band=firm.band,
        size=firm.size,
        since=firm.closed_on or firm.created_on,
        state="C" if firm.closed_on else "A",
        legal=firm.legal,
        activity=firm.activity,
        nic=firm.offices[0].siret[9:],
        employs="N" if firm.band in ("NN", "00") else "O",
    )


def office_lines(firm: Firm) -> Iterator[str]:
    """The lines of StockEtablissement of one company."""
    for office in firm.offices:
        number, kind, way = ("[ND]",) * 3 if firm.is_partial else office.street.split(" ", 2)
        yield _OFFICE.format(
            siren=firm.siren,
            nic=office.siret[9:],
            siret=office.siret,
            diffusion="P" if firm.is_partial else "O",
            created=firm.created_on,
            band=firm.band if office.is_seat else "NN",
            seat="true" if office.is_seat else "false",
            number=number,
            kind=kind,
            way=way,
            postal=office.town.postal_code,
            town=office.town.name.upper(),
            commune=office.town.code,
            since=office.closed_on or firm.created_on,
            state="F" if office.closed_on else "A",
            activity=firm.activity,
            employs="N" if firm.band in ("NN", "00") else "O",
        )
