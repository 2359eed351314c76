"""Invented companies as twenty-four sources would hold them: what benches and shipped weights are made from.

The same seed gives the same records. Nothing is copied from a register; a number may by chance be that of a real firm.
What makes it hard is what makes real files hard: sister companies at one address with one phone (7 % of entities),
franchises of one brand (3 %), SIREN absent in four records of ten, mistyped in one of a hundred, names shortened,
joined or misspelt, moved offices, letter boxes, free mail.
"""

import tomllib
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from random import Random
from typing import TypeVar

from stdnum import luhn

from pavillon.matching.engine.shipped import DATA

_T = TypeVar("_T")


@dataclass(frozen=True)
class Place:
    """A commune: its name as it is written, a postcode, its inhabitants."""

    name: str
    postcode: str
    population: int


# For tests and for machines without the reference data; benches take every commune.
LARGE_TOWNS = tuple(
    Place(name, code, size)
    for name, code, size in (
        ("Paris", "75011", 2100), ("Marseille", "13006", 870), ("Lyon", "69003", 520), ("Toulouse", "31000", 500),
        ("Nice", "06000", 345), ("Nantes", "44000", 320), ("Montpellier", "34000", 300), ("Strasbourg", "67000", 290),
        ("Bordeaux", "33000", 260), ("Lille", "59000", 235), ("Rennes", "35000", 222), ("Reims", "51100", 180),
        ("Saint-Étienne", "42000", 174), ("Toulon", "83000", 178), ("Le Havre", "76600", 166),
        ("Grenoble", "38000", 158),
        ("Dijon", "21000", 159), ("Angers", "49000", 157), ("Brest", "29200", 140), ("Le Mans", "72000", 145),
        ("Clermont-Ferrand", "63000", 147), ("Tours", "37000", 137), ("Limoges", "87000", 130),
        ("Amiens", "80000", 134),
        ("Metz", "57000", 120), ("Besançon", "25000", 118), ("Orléans", "45000", 116), ("Rouen", "76000", 113),
        ("Mulhouse", "68100", 106), ("Caen", "14000", 106), ("Nancy", "54000", 104), ("Quimper", "29000", 63),
        ("Vannes", "56000", 54), ("Saint-Brieuc", "22000", 44), ("Lorient", "56100", 57), ("Saint-Malo", "35400", 47),
        ("Saint-Denis", "97400", 153), ("Fort-de-France", "97200", 75), ("L'Isle-d'Abeau", "38080", 16),
        ("Vif", "38450", 8),
    )
)  # fmt: skip

_WORDS = {
    name: [word.strip() for word in text.replace("\n", " ").split("|" if "|" in text else None)]
    for name, text in tomllib.loads((DATA / "invented_words.toml").read_text(encoding="utf-8")).items()
}
TRADES, _THINGS, FAMILIES, GIVEN = (_WORDS[name] for name in ("trades", "things", "families", "given_names"))
STREETS = _WORDS["streets"]
_START, _MIDDLE, _END = (_WORDS[f"surname_{part}"] for part in ("starts", "middles", "ends"))
_TECH, _TECH_END = _WORDS["tech_starts"], _WORDS["tech_ends"]
_STREET_KINDS = {
    "rue": 52,
    "avenue": 16,
    "boulevard": 9,
    "route": 7,
    "place": 5,
    "chemin": 5,
    "impasse": 3,
    "ZA": 2,
    "ZI": 1,
}
_SHORT_KINDS = {
    "rue": ["R.", "r"], "avenue": ["av.", "AV", "ave"], "boulevard": ["bd", "BLD", "bvd."], "route": ["rte", "RTE"],
    "place": ["pl.", "PL"], "chemin": ["ch.", "chem."], "impasse": ["imp.", "IMP"], "ZA": ["Zone artisanale"],
    "ZI": ["Zone industrielle"],
}  # fmt: skip
_SHORT_WORDS = {
    "Saint": "St", "Sainte": "Ste", "Général": "Gal", "Maréchal": "Mal", "Docteur": "Dr", "Président": "Pdt",
}  # fmt: skip
_FORMS = {"SARL": 38, "SAS": 28, "SASU": 10, "SA": 6, "EURL": 10, "SNC": 2, "SCOP": 1, "EARL": 3, "GAEC": 2}
_LONG_FORMS = {
    "SARL": "Société à responsabilité limitée",
    "SAS": "Société par actions simplifiée",
    "SA": "Société anonyme",
}
_SISTERS = ["{} Holding", "SCI {}", "{} Export", "Groupe {}", "{} Immobilier", "{} Services", "{} Distribution",
            "{} Participations", "Financière {}", "{} Développement", "SCI {thing}", "{} Transports"]  # fmt: skip
FREE_MAIL = ["orange.fr", "wanadoo.fr", "gmail.com", "free.fr", "laposte.net", "hotmail.fr", "sfr.fr", "yahoo.fr"]
_MAILBOXES = ["contact", "info", "accueil", "commercial", "export", "direction", "compta"]


@dataclass
class Entity:
    number: int
    siren: str
    name: str
    form: str
    place: Place
    street: tuple[int, str, str]
    phones: list[str]
    domain: str | None
    mailbox: str
    trade: str | None = None
    acronym: str | None = None
    sister_siren: str | None = None
    former: tuple[int, str, str] | None = None
    box: str | None = None


@dataclass(frozen=True)
class _Source:
    """The habits of one partner's file."""

    shouts: bool
    siren: float
    phone: float
    email: float
    writes_form: str
    phone_format: int
    short_words: float
    care: float
    cut: int
    style: int = field(default=0)


@dataclass(frozen=True)
class Sample:
    """One record of a source, and the number of the company that it describes."""

    entity: int
    source: int
    values: dict[str, str]


def companies(records: int, *, seed: int = 1, places: Sequence[Place] = LARGE_TOWNS) -> Iterator[Sample]:
    """At least `records` records (a few more: the last company is whole), the sources mixed as they come."""
    random = Random(seed)  # noqa: S311
    sources = [_source(random) for _ in range(24)]
    made = 0
    for entity in _entities(random, places):
        count = random.choices((1, 2, 3, 4, 5, 7), (56, 22, 11, 6, 3, 2))[0]
        for source in random.sample(range(24), count):
            yield Sample(entity.number, source, _record(random, entity, sources[source]))
        made += count
        if made >= records:
            return


def _source(random: Random) -> _Source:
    return _Source(
        shouts=random.random() < 0.4,
        siren=random.choice((0.95, 0.9, 0.8, 0.6, 0.5, 0.3, 0.1)),
        phone=random.uniform(0.4, 0.95),
        email=random.uniform(0.3, 0.9),
        writes_form=random.choice(("none", "none", "before", "after", "mixed", "long")),
        phone_format=random.randrange(9),
        short_words=random.choice((0.05, 0.3, 0.8)),
        care=random.choice((0.02, 0.05, 0.08, 0.14)),
        cut=random.choice((0, 0, 0, 0, 30, 38)),
    )


def _entities(random: Random, places: Sequence[Place]) -> Iterator[Entity]:
    bounds = list(accumulate(place.population for place in places))
    families = surnames(random)
    family_bounds = list(accumulate(1 / (rank + 8) for rank in range(len(families))))
    number = 0
    waiting: list[Entity] = []
    brands: list[Entity] = []
    while True:
        if waiting:
            entity = waiting.pop()
        elif brands and random.random() < 0.03:
            entity = _franchise(random, random.choice(brands), pick(random, places, bounds))
        else:
            family = pick(random, families, family_bounds)
            entity = entity_of(random, family, pick(random, places, bounds))
            if random.random() < 0.055:
                waiting = [_sister(random, entity) for _ in range(random.choice((1, 1, 1, 2)))]
                entity.sister_siren = waiting[0].siren
            elif len(brands) < 400 and random.random() < 0.02:
                brands.append(entity)
        entity.number = number
        number += 1
        yield entity


def pick(random: Random, choices: Sequence[_T], bounds: Sequence[float]) -> _T:
    return choices[bisect(bounds, random.random() * bounds[-1])]


def surnames(random: Random) -> list[str]:
    made = dict.fromkeys(FAMILIES)
    while len(made) < 12_000:
        name = random.choice(_START) + random.choice(_MIDDLE) + random.choice(_END)
        if random.random() < 0.35:
            name = random.choice(_START) + random.choice(_MIDDLE) + name.lower()
        made[name] = None
    return list(made)


def _siren(random: Random) -> str:
    body = f"{random.choice('345789')}{random.randrange(10**7):07d}"
    return body + luhn.calc_check_digit(body)


def entity_of(random: Random, family: str, place: Place) -> Entity:
    trade, thing = random.choice(TRADES), random.choice(_THINGS)
    acronym = None
    shape = random.random()
    if shape < 0.22:
        name = f"{trade} {family}"
    elif shape < 0.36:
        name = f"{family} {random.choice(('Frères', 'et Fils', '& Fils', 'Père et Fils', ''))}".strip()
    elif shape < 0.48:
        name = f"{random.choice(GIVEN)} {family}"
    elif shape < 0.60:
        name = f"{trade} {_of(thing)}"
    elif shape < 0.70:
        name = f"{family} {trade}"
    elif shape < 0.86:
        name = random.choice(_TECH) + random.choice(_TECH_END)
        if random.random() < 0.5:
            name += f" {random.choice(('France', 'Industrie', place.name, family, trade))}"
    elif shape < 0.93:
        name = f"{trade} {random.choice(('Générale', 'Moderne', 'Nouvelle', 'Centrale'))} de {place.name}"
        acronym = "".join(word[0] for word in name.split() if word != "de").upper()
    else:
        name = f"{family} {random.choice(FAMILIES)}"
    own_domain = random.random() < 0.62
    base = letters(name if random.random() < 0.7 else f"{family}{thing}")[:22]
    return Entity(
        number=0,
        siren=_siren(random),
        name=name,
        form=random.choices(list(_FORMS), list(_FORMS.values()))[0],
        place=place,
        street=street_of(random),
        phones=[phone_of(random, place), *([mobile(random)] if random.random() < 0.4 else [])],
        domain=f"{base}{random.choice(('.fr', '.fr', '.com', '.eu'))}" if own_domain else None,
        mailbox=letters(f"{random.choice(GIVEN)}.{family}", keep=".")
        if random.random() < 0.4
        else random.choice(_MAILBOXES),
        trade=f"{random.choice(('Chez', 'Maison', 'Atelier', 'Comptoir', 'Espace'))} {random.choice((family, thing))}"
        if random.random() < 0.15
        else None,
        acronym=acronym,
        former=street_of(random) if random.random() < 0.08 else None,
        box=f"BP {random.randrange(10, 999)}" if random.random() < 0.12 else None,
    )


def _of(thing: str) -> str:
    return f"de l'{thing}" if thing[0] in "OÉEAI" else f"du {thing}"


def _sister(random: Random, of: Entity) -> Entity:
    """Another company of the same family: same place, often the same phone and domain, another SIREN."""
    name = random.choice(_SISTERS).format(
        of.name.split(" ")[-1] if random.random() < 0.5 else of.name, thing=random.choice(_THINGS)
    )
    return replace(
        of,
        siren=_siren(random),
        name=name,
        form="SCI" if name.startswith("SCI ") else random.choice(("SAS", "SARL", "SAS", "SASU")),
        phones=of.phones if random.random() < 0.7 else [phone_of(random, of.place)],
        domain=of.domain if random.random() < 0.7 else None,
        mailbox=of.mailbox if random.random() < 0.5 else random.choice(_MAILBOXES),
        street=of.street if random.random() < 0.85 else street_of(random),
        trade=None,
        acronym=None,
        sister_siren=of.siren,
    )


def _franchise(random: Random, brand: Entity, place: Place) -> Entity:
    """A shop of a brand: the brand's name and domain, its own town, phone and SIREN."""
    return replace(
        brand,
        siren=_siren(random),
        name=brand.name if random.random() < 0.5 else f"{brand.name} {place.name}",
        place=place,
        street=street_of(random),
        phones=[phone_of(random, place)],
        mailbox=letters(place.name) if random.random() < 0.6 else brand.mailbox,
        sister_siren=None,
        former=None,
        trade=None,
    )


def street_of(random: Random) -> tuple[int, str, str]:
    kind = random.choices(list(_STREET_KINDS), list(_STREET_KINDS.values()))[0]
    return random.randrange(1, 180 if kind != "route" else 2500), kind, random.choice(STREETS)


def phone_of(random: Random, place: Place) -> str:
    zone = {"75": 1, "77": 1, "78": 1, "91": 1, "92": 1, "93": 1, "94": 1, "95": 1}.get(place.postcode[:2])
    zone = zone or 2 + int(place.postcode[:2]) % 4
    return f"{zone}{random.randrange(10**8):08d}"


def mobile(random: Random) -> str:
    return f"{random.choice('67')}{random.randrange(10**8):08d}"


ASCII = str.maketrans("àâäéèêëîïôöùûüçÀÂÄÉÈÊËÎÏÔÖÙÛÜÇ", "aaaeeeeiioouuucAAAEEEEIIOOUUUC")


def letters(text: str, keep: str = "") -> str:
    return "".join(c for c in text.translate(ASCII).lower() if c.isascii() and (c.isalnum() or c in keep)) or "site"


def _record(random: Random, entity: Entity, source: _Source) -> dict[str, str]:
    number, kind, street = entity.former if entity.former and random.random() < 0.3 else entity.street
    town, postcode = entity.place.name, entity.place.postcode
    address = _written_street(random, source, number, kind, street)
    if entity.box and random.random() < 0.5:
        address = f"{address} {entity.box}" if random.random() < 0.6 else entity.box
        if random.random() < 0.6:
            town = f"{town} Cedex{random.choice(('', f' {random.randrange(1, 10)}'))}"
            postcode = f"{postcode[:2]}{random.randrange(10, 99)}{random.randrange(0, 10)}"
    values = {
        "name": _written_name(random, entity, source),
        "address": "" if random.random() < 0.04 else mistyped(random, address, source.care / 2),
        "postcode": "" if random.random() < 0.03 else postcode,
        "town": mistyped(random, town, source.care / 4),
        "siren": _written_siren(random, entity, source),
        "phone": _written_phones(random, entity, source),
        "email": _written_email(random, entity, source),
        "website": f"https://www.{entity.domain}/" if entity.domain and random.random() < 0.3 else "",
        "trade_name": entity.trade if entity.trade and random.random() < 0.4 else "",
    }
    if source.shouts:
        values |= {name: values[name].translate(ASCII).upper() for name in ("name", "address", "town", "trade_name")}
    return values


def _written_name(random: Random, entity: Entity, source: _Source) -> str:
    name = entity.name
    drawn = random.random()
    if entity.acronym and drawn < 0.25:
        name = entity.acronym if drawn < 0.12 else ".".join(entity.acronym) + "."
    elif entity.trade and drawn < 0.12:
        name = entity.trade
    elif drawn < 0.05 and len(name.split()) > 2:
        words = name.split()
        words.pop(random.randrange(1, len(words)))
        name = " ".join(words)
    elif drawn < 0.09:
        name = f"{random.choice(('Ets', 'Éts.', 'Établissements', 'Sté', 'Société', 'Entreprise'))} {name}"
    elif drawn < 0.11:
        name = f"{name} et Cie"
    elif drawn < 0.13:
        name = name.replace(" ", random.choice(("", "-")), 1)
    elif drawn < 0.15 and len(name.split()) == 2:
        name = " ".join(reversed(name.split()))
    if " et " in name and random.random() < 0.4:
        name = name.replace(" et ", " & ")
    name = mistyped(random, name, source.care)
    # Firms change their form, and old files keep the former one.
    form = entity.form if random.random() > 0.05 else random.choice(("SARL", "SAS", "SA"))
    if source.writes_form == "long" and form in _LONG_FORMS:
        form = _LONG_FORMS[form]
    elif random.random() < 0.1:
        form = ".".join(form) + "."
    before = {"none": None, "before": True, "after": False, "mixed": random.random() < 0.5, "long": True}[
        source.writes_form
    ]
    if before is not None and random.random() < 0.85 and not name.startswith("SCI "):
        name = f"{form} {name}" if before else f"{name} {form}"
    return name[: source.cut].strip() if source.cut else name


def _written_street(random: Random, source: _Source, number: int, kind: str, street: str) -> str:
    if random.random() < source.short_words:
        kind = random.choice(_SHORT_KINDS[kind])
        for word, short in _SHORT_WORDS.items():
            street = street.replace(f"{word} ", f"{short} ").replace(f"{word}-", f"{short} ")
    sign = random.choice((" ", " ", ", ", " bis "))
    if random.random() < 0.05:
        return f"{kind} {street}"
    return f"{number}{sign if sign != ' bis ' or number % 9 == 0 else ' '}{kind} {street}"


def _written_siren(random: Random, entity: Entity, source: _Source) -> str:
    if random.random() > source.siren:
        return ""
    siren = entity.siren
    drawn = random.random()
    if drawn < 0.01:
        place = random.randrange(9)
        siren = siren[:place] + str((int(siren[place]) + random.randrange(1, 9)) % 10) + siren[place + 1 :]
    elif drawn < 0.013 and entity.sister_siren:
        siren = entity.sister_siren
    if source.phone_format % 3 == 0:
        return f"{siren[:3]} {siren[3:6]} {siren[6:]}"
    return siren


def _written_phones(random: Random, entity: Entity, source: _Source) -> str:
    if random.random() > source.phone:
        return ""
    drawn = random.random()
    number = entity.phones[-1] if drawn < 0.3 else entity.phones[0]
    if drawn > 0.95:
        number = f"{number[0]}{random.randrange(10**8):08d}"
    pairs = [f"0{number[0]}", *(number[place : place + 2] for place in range(1, 9, 2))]
    local = " ".join(pairs)
    return (
        local,
        ".".join(pairs),
        "-".join(pairs),
        "".join(pairs),
        f"+33 {number[0]} {' '.join(pairs[1:])}",
        f"+33 (0){number[0]} {' '.join(pairs[1:])}",
        f"0033{number}",
        number,
        f"+33{number}",
    )[source.phone_format if random.random() < 0.8 else random.randrange(9)]


def _written_email(random: Random, entity: Entity, source: _Source) -> str:
    if random.random() > source.email:
        return ""
    if entity.domain is None:
        return f"{letters(entity.name)[:18]}@{FREE_MAIL[int(entity.siren[:4]) % len(FREE_MAIL)]}"
    mailbox = entity.mailbox if random.random() < 0.6 else random.choice(_MAILBOXES)
    return f"{mailbox}@{entity.domain}"


def mistyped(random: Random, text: str, chance: float) -> str:
    """One slip of the fingers with this chance: a letter lost, doubled, replaced, or two exchanged."""
    if random.random() > chance or len(text) < 4:
        return text
    place = random.randrange(1, len(text) - 1)
    slip = random.randrange(4)
    if slip == 0:
        return text[:place] + text[place + 1 :]
    if slip == 1:
        return text[:place] + text[place] + text[place:]
    if slip == 2:
        return text[:place] + random.choice("aeirnstlou") + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
