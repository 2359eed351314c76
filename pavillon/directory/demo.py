"""Companies of the demo: an invented register, exporters that the agency accompanies, and others that the base knows.

All names are invented; numbers are computed, and labelled as invented wherever the data are described.
"""

import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction

from pavillon.directory import actions
from pavillon.directory.actions.companies import values_of_units
from pavillon.directory.actions.register import import_register
from pavillon.directory.actions.register_names import index_register_names
from pavillon.directory.actions.sources import built_in_source
from pavillon.directory.demo_card import HEARD_ON, source_called, tell_cards
from pavillon.directory.enums import ExportClass, Family, SourceKind
from pavillon.directory.models import Company, RegisterUnit
from pavillon.directory.queries import places, register_date
from pavillon.directory.synthetic import FAMILIES, FIRST_NAMES, Place, Unit, make_units, siren_of, write_files
from pavillon.reference.models import Activity, Country, Sector

REGISTER_SIZE = 5000
OTHERS = 300


@dataclass(frozen=True)
class Exporter:
    """An accompanied company as the demo tells it. Turnover in thousands of euros, export in percent of it."""

    name: str
    activity: str
    town: str
    department: str
    band: str
    sector: str
    export_class: str
    turnover: int
    export_share: int
    legal: str = "5710"


REG, OCC, POT = ExportClass.REGULAR, ExportClass.OCCASIONAL, ExportClass.POTENTIAL
# key: the company. Keys are how other rooms find it in `world["companies"]`.
EXPORTERS: dict[str, Exporter] = {
    # Bretagne
    "ines": Exporter("Mécanique Iroise", "28.29B", "Brest", "29", "21", "industry", REG, 9_800, 34),
    "atelier": Exporter("Atelier du Ponant", "30.12Z", "Concarneau", "29", "12", "mobility", OCC, 4_200, 18),
    "claire_demo": Exporter("Conserverie de Penfoulic", "10.20Z", "Douarnenez", "29", "12", "industry", POT, 5_600, 0),
    "marc": Exporter("Semoirs Kerbriand", "28.30Z", "Loudéac", "22", "21", "industry", REG, 14_300, 41),
    "laiterie": Exporter("Laiterie des Monts d’Arrée", "10.51C", "Huelgoat", "29", "21", "industry", REG, 12_400, 31),
    "armorim": Exporter("Armorim Médical", "32.50A", "Rennes", "35", "12", "health", REG, 7_100, 52),
    "voiles": Exporter("Voilerie de l’Estran", "13.92Z", "Lorient", "56", "11", "mobility", OCC, 1_900, 22),
    "algues": Exporter("Algues d’Iroise", "20.42Z", "Roscoff", "29", "12", "industry", REG, 3_800, 46),
    "korrigan": Exporter("Korrigan Automatismes", "28.99B", "Vitré", "35", "21", "industry", OCC, 11_200, 12),
    "composites": Exporter("Composites du Golfe", "22.29A", "Vannes", "56", "12", "mobility", REG, 6_400, 37),
    "hydroliennes": Exporter("Hydroliennes du Trieux", "28.13Z", "Paimpol", "22", "12", "ecology", OCC, 5_100, 25),
    "traite": Exporter("Traite Facile", "28.30Z", "Fougères", "35", "21", "industry", REG, 16_700, 48),
    "granit": Exporter("Granits de Perros", "23.61Z", "Perros-Guirec", "22", "11", "infrastructure", POT, 2_300, 0),
    "fournil": Exporter("Fours Gwenan", "28.93Z", "Quimper", "29", "12", "industry", REG, 8_900, 39),
    "capteurs": Exporter("Capteurs Lannion", "26.51B", "Lannion", "22", "12", "industry", REG, 6_600, 61),
    "charpentes": Exporter(
        "Charpentes du Menez", "16.23Z", "Carhaix-Plouguer", "29", "12", "infrastructure", POT, 4_400, 0
    ),
    # Pays de la Loire and Normandie
    "aerostructures": Exporter(
        "Aérostructures de l’Erdre", "30.30Z", "Nantes", "44", "22", "industry", REG, 31_500, 57
    ),
    "maine": Exporter("Imagerie du Maine", "26.60Z", "Angers", "49", "12", "health", REG, 5_900, 44),
    "vendee": Exporter("Remorques Vendée-Bocage", "29.20Z", "Les Herbiers", "85", "21", "mobility", REG, 18_200, 29),
    "perche": Exporter("Machines du Perche", "28.49Z", "Alençon", "61", "12", "industry", OCC, 7_300, 17),
    "estuaire": Exporter("Estuaire Manutention", "28.22Z", "Le Havre", "76", "21", "mobility", REG, 15_400, 36),
    "verre": Exporter("Verrerie de la Bresle", "23.13Z", "Eu", "76", "22", "industry", REG, 27_000, 63),
    # Hauts-de-France, Grand Est
    "lys": Exporter("Textiles de la Lys", "13.92Z", "Armentières", "59", "21", "health", REG, 13_100, 42),
    "rail": Exporter("Rail Hainaut", "30.20Z", "Valenciennes", "59", "31", "mobility", REG, 48_000, 38),
    "tri": Exporter("Tri Optique du Nord", "28.99B", "Lens", "62", "12", "ecology", OCC, 6_200, 15),
    "vosges": Exporter("Scies des Vosges", "28.49Z", "Épinal", "88", "12", "industry", REG, 5_700, 33),
    "moselle": Exporter("Outillage de Moselle", "25.73B", "Metz", "57", "21", "industry", REG, 10_900, 45),
    "ried": Exporter("Pressoirs du Ried", "28.93Z", "Colmar", "68", "12", "industry", REG, 6_800, 51),
    "champagne": Exporter("Tonnellerie de la Vesle", "16.23Z", "Reims", "51", "11", "industry", REG, 3_300, 66),
    # Île-de-France, Centre
    "prothese": Exporter("Prothèses Lutèce", "32.50A", "Montreuil", "93", "12", "health", REG, 7_700, 40),
    "jumeau": Exporter("Jumeau Numérique", "62.01Z", "Paris", "75", "12", "industry", REG, 4_900, 35),
    "saclay": Exporter("Saclay Métrologie", "26.51B", "Palaiseau", "91", "11", "industry", REG, 3_600, 58),
    "beauce": Exporter("Beauce Agritech", "28.30Z", "Chartres", "28", "12", "industry", OCC, 5_200, 14),
    "touraine": Exporter("Pompes de Touraine", "28.13Z", "Tours", "37", "21", "ecology", REG, 12_600, 32),
    "sologne": Exporter(
        "Sologne Reconditionnement", "33.12Z", "Romorantin-Lanthenay", "41", "12", "industry", OCC, 4_100, 20
    ),
    # Bourgogne-Franche-Comté, Auvergne-Rhône-Alpes
    "decolletage": Exporter("Décolletage de l’Arve", "25.62B", "Cluses", "74", "21", "industry", REG, 14_800, 55),
    "doubs": Exporter("Micromécanique du Doubs", "25.62B", "Besançon", "25", "12", "industry", REG, 6_300, 49),
    "morvan": Exporter("Bois du Morvan", "16.10A", "Autun", "71", "11", "infrastructure", POT, 2_700, 0),
    "vercors": Exporter("Vercors Capteurs", "26.51B", "Grenoble", "38", "12", "industry", REG, 8_200, 60),
    "oyonnax": Exporter("Plastiques du Haut-Bugey", "22.29A", "Oyonnax", "01", "21", "health", REG, 16_100, 43),
    "volcans": Exporter("Eaux et Volcans", "37.00Z", "Clermont-Ferrand", "63", "12", "ecology", OCC, 5_500, 19),
    "gier": Exporter("Forges du Gier", "25.50B", "Saint-Chamond", "42", "22", "industry", REG, 22_400, 47),
    "ardeche": Exporter("Ardèche Convoyage", "28.22Z", "Annonay", "07", "12", "industry", POT, 4_800, 0),
    # Nouvelle-Aquitaine, Occitanie
    "gironde": Exporter("Chais Équipements", "28.93Z", "Libourne", "33", "12", "industry", REG, 7_900, 54),
    "landes": Exporter("Glisse des Landes", "32.50A", "Dax", "40", "11", "health", POT, 2_100, 0),
    "poitou": Exporter("Poitou Batteries", "27.90Z", "Châtellerault", "86", "12", "ecology", OCC, 6_700, 24),
    "garonne": Exporter("Garonne Satellites", "30.30Z", "Toulouse", "31", "21", "industry", REG, 19_300, 68),
    "tarn": Exporter("Cuirs du Tarn", "15.12Z", "Graulhet", "81", "11", "industry", REG, 3_100, 59),
    "herault": Exporter("Hérault Irrigation", "28.30Z", "Béziers", "34", "12", "ecology", REG, 7_400, 37),
    "bigorre": Exporter("Céramiques de Bigorre", "28.99B", "Tarbes", "65", "12", "industry", REG, 8_600, 50),
    "aveyron": Exporter("Aveyron Machines-Outils", "28.41Z", "Rodez", "12", "21", "industry", OCC, 11_800, 21),
    "limousin": Exporter("Porcelaines Techniques", "26.11Z", "Limoges", "87", "12", "industry", REG, 6_100, 46),
    # Provence, Corse, overseas
    "calanques": Exporter("Calanques Marine", "30.12Z", "La Ciotat", "13", "21", "mobility", REG, 21_000, 64),
    "mistral": Exporter("Mistral Solaire", "27.12Z", "Avignon", "84", "12", "ecology", OCC, 7_000, 23),
    "azur": Exporter("Azur Biomédical", "26.60Z", "Grasse", "06", "12", "health", REG, 5_800, 41),
    "grasse": Exporter("Arômes du Pays de Grasse", "20.42Z", "Grasse", "06", "12", "industry", REG, 9_200, 71),
    "corse": Exporter("Châtaigne de Corte", "10.89Z", "Corte", "2B", "03", "industry", POT, 900, 0, "5499"),
    "reunion": Exporter("Austral Énergies", "27.12Z", "Saint-Pierre", "974", "12", "ecology", OCC, 4_700, 16),
    "antilles": Exporter("Distillerie Grande-Anse", "11.01Z", "Le Moule", "971", "12", "industry", REG, 6_000, 57),
}
# Companies from abroad that could invest here.
FOREIGN = {
    "nordhavn": ("Nordhavn Maskiner A/S", "DK", "Aarhus", "https://nordhavn-maskiner.example"),
    "kurogane": ("Kurogane Robotics K.K.", "JP", "Nagoya", "https://kurogane-robotics.example"),
    "altavela": ("Altavela Energia S.A.", "BR", "Recife", "https://altavela-energia.example"),
}
JOBS = [("Directrice générale", True), ("Directeur commercial", True), ("Responsable export", False)]


def _siren(place: int) -> str:
    """Numbers of the told companies, in a row: easy to recognise."""
    return siren_of(f"90{place * 10_203:06d}")


SIRENS = {key: _siren(number) for number, key in enumerate(EXPORTERS, start=11)}
INES_SIREN = SIRENS["ines"]
# In the register only: her company enters the base when she opens her account.
CLAIRE_SIREN = _siren(7)
CLAIRE = Exporter("Biscuiterie de l’Aulne", "10.72Z", "Châteaulin", "29", "12", "industry", POT, 3_200, 0)


def _reserved(towns: list[Place]) -> list[Unit]:
    """The told companies as units of the register."""
    by_name = {(town.name, town.code[: 3 if town.code.startswith("97") else 2]): town for town in towns}
    told = [(SIRENS[key], exporter) for key, exporter in EXPORTERS.items()] + [(CLAIRE_SIREN, CLAIRE)]
    return [
        Unit(
            siren=siren,
            name=exporter.name,
            activity=exporter.activity,
            place=by_name[exporter.town, exporter.department],
            band=exporter.band,
            legal=exporter.legal,
            size="ETI" if exporter.band == "31" else "PME",
            created_on=date(1975 + int(siren[4:6]) % 45, 1 + int(siren[7]) % 12, 1 + int(siren[6])),
            street_number=str(1 + int(siren[5:7])),
        )
        for siren, exporter in told
    ]


def _register() -> None:
    """Write the invented register and load it by the same door as the official one."""
    towns = places()
    with tempfile.TemporaryDirectory() as folder:
        files = write_files(make_units(REGISTER_SIZE, towns, reserved=_reserved(towns)), Path(folder))
        import_register(list(files), synthetic=True)
    index_register_names()


def _exporter(key: str, exporter: Exporter, sectors: dict[str, Sector]) -> Company:
    company = actions.adopt_register_unit(siren=SIRENS[key], by=None, is_demo=True)
    if company.is_accompanied:
        return company
    slug = key.replace("_", "-")
    actions.change_company(
        company=company,
        by=None,
        source=source_called("agency-portfolio"),
        observed_on=HEARD_ON,
        # The register writes capitals without mercy; people read names.
        name=exporter.name,
        website=f"https://{slug}.example",
        sector=sectors.get(exporter.sector),
        export_class=exporter.export_class,
        turnover=Decimal(exporter.turnover * 1000),
        export_turnover=Decimal(exporter.turnover * 10 * exporter.export_share),
        is_accompanied=True,
    )
    random = Random(key)  # noqa: S311
    for job, decides in random.sample(JOBS, 2):
        first, last = random.choice(FIRST_NAMES), random.choice(FAMILIES)
        plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace(" ", "-").replace("’", ""))
        actions.add_contact(
            company=company,
            by=None,
            first_name=first,
            last_name=last,
            job_title=job,
            email=f"{plain.encode('ascii', 'ignore').decode()}@{slug}.example",
            # 01 99 00 … is set aside for fiction.
            phone=f"+33 1 99 00 {random.randrange(100):02d} {random.randrange(100):02d}",
            is_decision_maker=decides,
            source=source_called("agency-portfolio"),
            observed_on=HEARD_ON,
        )
    company.refresh_from_db()
    return company


def _foreign(key: str, name: str, country: str, town: str, website: str) -> Company:
    found = Company.objects.filter(name=name, family=Family.FOREIGN).first()
    return found or actions.create_company(
        name=name,
        by=None,
        source=source_called("agency-portfolio"),
        observed_on=HEARD_ON,
        family=Family.FOREIGN,
        country=Country.objects.get(pk=country),
        town=town,
        website=website,
        is_demo=True,
    )


def _others() -> None:
    """Companies of the register that the base knows without accompanying them: those with people and a trade abroad."""
    missing = OTHERS - Company.objects.filter(is_demo=True, is_accompanied=False, siren__isnull=False).count()
    if missing <= 0:
        return
    units = RegisterUnit.objects.filter(is_synthetic=True, is_active=True, diffusion="O").exclude(
        siren__in=Company.objects.filter(siren__isnull=False).values("siren")
    )
    units = units.exclude(siren=CLAIRE_SIREN).exclude(legal_category_code__in=["1000", "6540"])
    made = Activity.objects.filter(revision=2, level=5, code__gte="10", code__lt="34").values("code")
    chosen = units.filter(activity_code__in=made).exclude(workforce_band_code__in=["NN", "00"]).order_by("siren")
    actions.create_companies(
        rows=[
            {"siren": siren, "is_demo": True, **found}
            for siren, found in values_of_units(list(chosen[:missing])).items()
        ],
        source=built_in_source(SourceKind.REGISTER),
        observed_on=register_date(),
        by=None,
    )


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Fill `world["companies"]` by key (see EXPORTERS, FOREIGN). Can be run again."""
    _register()
    sectors = {sector.slug: sector for sector in Sector.objects.all()}
    companies = world.setdefault("companies", {})
    for key, exporter in EXPORTERS.items():
        companies[key] = _exporter(key, exporter, sectors)
    for key, told in FOREIGN.items():
        companies[key] = _foreign(key, *told)
    _others()
    tell_cards(companies, world)
