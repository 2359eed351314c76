"""An invented register in the layout of SIRENE: real places and activities, no real company.

The same seed makes the same files. Check digits are right, towns are drawn by their population, activities and sizes at
plausible frequencies; names are composed of trades, landscapes and invented families, each used once. A number may by
chance be that of a real company: everything that comes from here is labelled as invented.
"""

import csv
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

# NAF rév. 2 code: (weight, words that begin a name). No open table gives the NAF 2025 code: that column stays empty.
TRADES: dict[str, tuple[int, list[str]]] = {
    "01.21Z": (8, ["Vignobles", "Domaine"]),
    "03.22Z": (4, ["Viviers", "Pisciculture"]),
    "10.13A": (6, ["Salaisons", "Charcuterie"]),
    "10.20Z": (7, ["Conserverie", "Fumaisons", "Marée"]),
    "10.39A": (6, ["Vergers", "Légumes"]),
    "10.51C": (7, ["Fromagerie", "Laiterie"]),
    "10.71C": (40, ["Boulangerie", "Fournil"]),
    "10.72Z": (8, ["Biscuiterie", "Galettes", "Gâteaux"]),
    "10.82Z": (5, ["Chocolaterie", "Confiserie"]),
    "10.89Z": (7, ["Saveurs", "Algues", "Épices"]),
    "11.01Z": (4, ["Distillerie"]),
    "11.03Z": (4, ["Cidrerie"]),
    "11.05Z": (6, ["Brasserie"]),
    "13.92Z": (6, ["Voilerie", "Textiles"]),
    "14.13Z": (8, ["Ateliers de couture", "Confection"]),
    "15.12Z": (5, ["Maroquinerie", "Sellerie"]),
    "16.10A": (6, ["Scierie"]),
    "16.23Z": (10, ["Charpentes", "Menuiserie"]),
    "17.21A": (4, ["Emballages", "Cartonnages"]),
    "20.15Z": (4, ["Fertilisants", "Engrais"]),
    "20.42Z": (9, ["Cosmétiques", "Laboratoire"]),
    "21.20Z": (3, ["Laboratoires", "Pharma"]),
    "22.22Z": (6, ["Plastiques", "Moulage"]),
    "22.29A": (9, ["Composites", "Polymères"]),
    "23.13Z": (3, ["Verrerie"]),
    "23.61Z": (6, ["Préfabriqués", "Bétons"]),
    "24.52Z": (3, ["Fonderie"]),
    "25.11Z": (12, ["Métallerie", "Constructions métalliques"]),
    "25.50B": (7, ["Découpe", "Emboutissage"]),
    "25.62B": (18, ["Usinage", "Mécanique de précision"]),
    "25.73B": (4, ["Outillage"]),
    "25.99B": (8, ["Chaudronnerie", "Tôlerie"]),
    "26.11Z": (5, ["Composants", "Circuits"]),
    "26.51B": (8, ["Instruments", "Capteurs", "Métrologie"]),
    "26.60Z": (5, ["Imagerie", "Biomédical"]),
    "27.12Z": (6, ["Tableaux électriques", "Énergies"]),
    "27.90Z": (6, ["Équipements électriques"]),
    "28.13Z": (4, ["Pompes"]),
    "28.22Z": (7, ["Levage", "Convoyage"]),
    "28.29B": (9, ["Machines", "Robotique", "Conditionnement"]),
    "28.30Z": (9, ["Matériel agricole", "Semoirs"]),
    "28.41Z": (5, ["Machines-outils", "Tours et fraises"]),
    "28.49Z": (4, ["Scies", "Machines à bois"]),
    "28.92Z": (5, ["Concasseurs", "Engins"]),
    "28.93Z": (7, ["Équipements alimentaires", "Fours"]),
    "28.99B": (8, ["Automatismes", "Procédés"]),
    "29.20Z": (6, ["Carrosserie", "Remorques"]),
    "29.32Z": (5, ["Équipements automobiles"]),
    "30.11Z": (3, ["Chantier naval"]),
    "30.12Z": (5, ["Chantier nautique", "Bateaux"]),
    "30.20Z": (3, ["Matériel ferroviaire"]),
    "30.30Z": (6, ["Aéro", "Aérostructures"]),
    "31.01Z": (6, ["Agencement", "Mobilier"]),
    "32.50A": (9, ["Dispositifs médicaux", "Orthèses", "Instruments chirurgicaux"]),
    "33.12Z": (14, ["Maintenance", "Reconditionnement"]),
    "33.20B": (8, ["Montage", "Installations"]),
    "35.11Z": (5, ["Solaire", "Énergies"]),
    "37.00Z": (4, ["Eaux", "Assainissement"]),
    "38.32Z": (7, ["Recyclage", "Valorisation"]),
    "41.20B": (45, ["Bâtiment", "Constructions"]),
    "42.22Z": (5, ["Réseaux", "Travaux"]),
    "43.22A": (30, ["Plomberie", "Sanitaires"]),
    "43.34Z": (25, ["Peintures", "Décors"]),
    "46.31Z": (8, ["Primeurs", "Fruits"]),
    "46.38A": (7, ["Mareyage", "Poissons"]),
    "46.61Z": (6, ["Comptoir agricole"]),
    "46.69B": (14, ["Fournitures industrielles", "Négoce"]),
    "46.90Z": (12, ["Import-export", "Comptoir"]),
    "47.11F": (6, ["Marché"]),
    "49.41A": (20, ["Transports"]),
    "52.29B": (9, ["Logistique", "Transit"]),
    "55.10Z": (20, ["Hôtel"]),
    "56.10A": (60, ["Restaurant", "Table"]),
    "58.29C": (10, ["Logiciels"]),
    "62.01Z": (45, ["Numérique", "Développement", "Systèmes"]),
    "62.02A": (40, ["Conseil", "Ingénierie logicielle"]),
    "68.20B": (80, ["SCI", "Foncière"]),
    "70.22Z": (60, ["Conseil", "Stratégie"]),
    "71.12B": (40, ["Ingénierie", "Études"]),
    "72.19Z": (8, ["Recherches", "Biotech"]),
    "74.10Z": (14, ["Design", "Studio"]),
    "82.92Z": (5, ["Conditionnement à façon"]),
}
PLACES = """de l’Aulne, de l’Odet, du Ponant, des Abers, du Golfe, de l’Estran, des Embruns, de la Rade, du Menhir, du Cap, des Dunes,
de la Baie, de l’Anse, du Phare, du Môle, des Genêts, de la Lande, du Bocage, des Ajoncs, de l’Étang, du Moulin, des Tilleuls,
du Vallon, des Cimes, de la Combe, du Causse, des Garrigues, du Mistral, de la Crau, des Calanques, du Ventoux, du Lac, des Glaciers,
de l’Arve, des Sources, de la Dombes, du Charolais, de la Côte, des Vignes, des Coteaux, du Clos, de la Lys, des Dentelles,
du Beffroi, de la Plaine, des Terrils, du Hainaut, de la Meuse, des Vosges, du Ried, de la Moselle, du Rhin, des Houblons,
de la Loire, du Val, des Ardoises, de la Sarthe, du Maine, de la Vienne, du Marais, des Pertuis, de l’Océan, des Pins, des Landes,
de l’Adour, du Gave, des Pyrénées, du Lauragais, des Cathares, du Canal, de la Garonne, du Quercy, de l’Aubrac, du Rouergue,
des Volcans, de la Limagne, du Forez, des Monts, du Pilat, de la Saône, du Morvan, du Berry, de la Brenne, du Perche, d’Opale,
du Vexin, de la Brie, du Gâtinais, de Sologne, de l’Ouest, du Nord, du Levant, du Midi, du Centre, de l’Est, des Trois Rivières,
des Quatre Vents, du Soleil, de la Lune, du Grand Large, du Vieux Port, de la Gare, du Pont Neuf, des Arcades, des Halles""".replace("\n", " ").split(", ")
FAMILIES = """Abgrall Kermarec Le Guennec Tanguy Quéméner Le Floc’h Riou Gourvennec Salaün Morvan Kerdoncuff Le Bras Cariou Guivarc’h Jaouen
Delvaux Lemoigne Vandamme Carpentier Delattre Lefebure Wambre Duquesnoy Hennebert Muller Schmitter Hirtzel Baumgart Klein Weissner
Marchandeau Rousselot Berthelin Chevallot Girardet Perrachon Mouterde Bouvardin Charvet Pellissard Fabregat Cazenave Lacombette
Escudier Puechmaille Vidalenc Roumegoux Bonnafous Castelnau Delpeyroux Lamarque Etcheverry Harispuru Dartiguelongue Lasserre
Giordanengo Santucci Mattei Paolantoni Raybaud Olivari Barthelemin Gasquet Ferrandin Aubanel Teissedre Chabrillac Mazoyer Vigouroux
Bourdelas Faucheron Guillonneau Bretonnier Chauvineau Rabouin Gautreau Papineau Moriceau Brossard Cailleteau Lherminier Desquesnes
Hautecoeur Godefroi Lemarinel Anquetin Duboscage Letellier Prudhommeau Sauvaget Thirouin Villedieu Zacharias Okonga Benhadj Traorin
Nguyen-Vau Da Silvera Ferreirin Kowalik Nowakin Bianconi""".replace("\n", " ")
FIRST_NAMES = "Anne Marie Jeanne Louise Camille Chloé Léa Nolwenn Maëlle Inès Sarah Yasmine Paul Louis Jules Hugo Yann Erwan Loïc Gaël Karim Mehdi Antoine Simon Pierre".split()
STREETS = [
    ("RUE", ["DES LILAS", "DE LA GARE", "DU PORT", "DES ARTISANS", "DU MOULIN", "PASTEUR", "DES ECOLES", "DE L'INDUSTRIE"]),
    ("AV", ["DE LA REPUBLIQUE", "DU GENERAL DE GAULLE", "DES PLATANES", "DE L'EUROPE"]),
    ("ZA", ["DE KERBRIANT", "DES QUATRE CHEMINS", "DE LA CROIX BLANCHE", "DU BOIS VERT", "DE L'AUTOROUTE"]),
    ("ZI", ["NORD", "SUD", "DE LA PLAINE", "DU CANAL"]),
    ("RTE", ["DE PARIS", "DE LA COTE", "DE BREST", "DES VIGNES"]),
    ("PL", ["DE L'EGLISE", "DU MARCHE", "DE LA MAIRIE"]),
]  # fmt: skip
# Headcount band: (weight, category). Most French units employ nobody.
BANDS = {
    "NN": (44, "PME"), "00": (5, "PME"), "01": (19, "PME"), "02": (11, "PME"), "03": (8, "PME"), "11": (6, "PME"),
    "12": (4, "PME"), "21": (1.6, "PME"), "22": (0.8, "PME"), "31": (0.2, "ETI"), "32": (0.3, "ETI"), "41": (0.1, "ETI"),
    "42": (0.05, "ETI"), "51": (0.02, "GE"), "52": (0.01, "GE"),
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


UNIT_HEADER = (
    "siren,statutDiffusionUniteLegale,unitePurgeeUniteLegale,dateCreationUniteLegale,sigleUniteLegale,sexeUniteLegale,"
    "prenom1UniteLegale,prenom2UniteLegale,prenom3UniteLegale,prenom4UniteLegale,prenomUsuelUniteLegale,"
    "pseudonymeUniteLegale,identifiantAssociationUniteLegale,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,"
    "dateDernierTraitementUniteLegale,nombrePeriodesUniteLegale,categorieEntreprise,anneeCategorieEntreprise,dateDebut,"
    "etatAdministratifUniteLegale,nomUniteLegale,nomUsageUniteLegale,denominationUniteLegale,"
    "denominationUsuelle1UniteLegale,denominationUsuelle2UniteLegale,denominationUsuelle3UniteLegale,"
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nomenclatureActivitePrincipaleUniteLegale,"
    "nicSiegeUniteLegale,economieSocialeSolidaireUniteLegale,societeMissionUniteLegale,caractereEmployeurUniteLegale,"
    "activitePrincipaleNAF25UniteLegale"
).split(",")
OFFICE_HEADER = (
    "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,"
    "anneeEffectifsEtablissement,activitePrincipaleRegistreMetiersEtablissement,dateDernierTraitementEtablissement,"
    "etablissementSiege,nombrePeriodesEtablissement,complementAdresseEtablissement,numeroVoieEtablissement,"
    "indiceRepetitionEtablissement,dernierNumeroVoieEtablissement,indiceRepetitionDernierNumeroVoieEtablissement,"
    "typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,"
    "libelleCommuneEtrangerEtablissement,distributionSpecialeEtablissement,codeCommuneEtablissement,"
    "codeCedexEtablissement,libelleCedexEtablissement,codePaysEtrangerEtablissement,libellePaysEtrangerEtablissement,"
    "identifiantAdresseEtablissement,coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement,"
    "complementAdresse2Etablissement,numeroVoie2Etablissement,indiceRepetition2Etablissement,typeVoie2Etablissement,"
    "libelleVoie2Etablissement,codePostal2Etablissement,libelleCommune2Etablissement,"
    "libelleCommuneEtranger2Etablissement,distributionSpeciale2Etablissement,codeCommune2Etablissement,"
    "codeCedex2Etablissement,libelleCedex2Etablissement,codePaysEtranger2Etablissement,"
    "libellePaysEtranger2Etablissement,dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,"
    "enseigne2Etablissement,enseigne3Etablissement,denominationUsuelleEtablissement,activitePrincipaleEtablissement,"
    "nomenclatureActivitePrincipaleEtablissement,caractereEmployeurEtablissement,activitePrincipaleNAF25Etablissement"
).split(",")
NIC = "00011"


class _Chooser:
    """Draws by weight, quickly."""

    def __init__(self, weights: Iterable[tuple[Any, float]]) -> None:
        self.values, shares = zip(*weights, strict=True)
        self.ends = list(accumulate(shares))

    def draw(self, random: Random) -> Any:
        return self.values[bisect(self.ends, random.random() * self.ends[-1])]


def families() -> list[str]:
    """Invented family names; "Le" and "Da" belong to the word that follows."""
    words, found = FAMILIES.split(), []
    while words:
        word = words.pop(0)
        found.append(f"{word} {words.pop(0)}" if word in ("Le", "Da") else word)
    return found


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
    known = families()
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
        kind, ways = random.choice(STREETS)
        unit = Unit(
            siren=siren,
            name=_name(random, activity, place, known, names),
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
                name=random.choice(known).upper(),
                first_name=random.choice(FIRST_NAMES).upper(),
                trade_name=unit.name if random.random() < 0.4 else "",
                is_partial=random.random() < 0.3,
            )
        elif random.random() < 0.01:
            unit = replace(unit, is_partial=True)
        if random.random() < 0.12:
            unit = replace(unit, closed_on=created + timedelta(days=int((LAST_DAY - created).days * random.random())))
        yield unit


def _name(random: Random, activity: str, place: Place, known: list[str], names: set[str]) -> str:
    """A name that no other unit has."""
    trade = random.choice(TRADES[activity][1])
    second = f"{random.choice(PLACES)}" if random.random() < 0.6 else random.choice(known)
    if random.random() < 0.2 and " " not in trade:
        second = random.choice(known)
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
        "nicSiegeUniteLegale": NIC,
        "economieSocialeSolidaireUniteLegale": "N",
        "caractereEmployeurUniteLegale": "N" if unit.band in ("NN", "00") else "O",
    }
    return [values.get(name, "") for name in UNIT_HEADER]


def office_row(unit: Unit) -> list[str]:
    """A line of StockEtablissement: the head office."""
    number, (kind, way) = unit.street_number, unit.street
    values = {
        "siren": unit.siren,
        "nic": NIC,
        "siret": unit.siren + NIC,
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
    with paths[0].open("w", encoding="utf-8", newline="") as first, paths[1].open("w", encoding="utf-8", newline="") as second:
        legal, offices = csv.writer(first), csv.writer(second)
        legal.writerow(UNIT_HEADER)
        offices.writerow(OFFICE_HEADER)
        for unit in units:
            legal.writerow(unit_row(unit))
            offices.writerow(office_row(unit))
    return paths
