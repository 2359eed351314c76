"""Activities (NAF), legal categories and headcount bands, as SIRENE uses them."""

from pavillon.reference.models import Activity, LegalCategory, WorkforceBand
from pavillon.reference.sets import Source, code_of, package_json, package_version, upsert

PACKAGE = "@socialgouv/codes-naf"
FIELDS = ["name_fr", "name_en", "parent_code", "level"]

# The 21 sections of NAF rév. 2 with their divisions; their names in English are ours.
SECTIONS = {
    "A": ("Agriculture, sylviculture et pêche", "Agriculture, forestry and fishing", 1, 3),
    "B": ("Industries extractives", "Mining and quarrying", 5, 9),
    "C": ("Industrie manufacturière", "Manufacturing", 10, 33),
    "D": ("Électricité, gaz, vapeur et air conditionné", "Electricity, gas, steam and air conditioning", 35, 35),
    "E": ("Eau, assainissement, déchets et dépollution", "Water, sewerage, waste and remediation", 36, 39),
    "F": ("Construction", "Construction", 41, 43),
    "G": ("Commerce, réparation d’automobiles", "Trade, repair of motor vehicles", 45, 47),
    "H": ("Transports et entreposage", "Transport and storage", 49, 53),
    "I": ("Hébergement et restauration", "Accommodation and catering", 55, 56),
    "J": ("Information et communication", "Information and communication", 58, 63),
    "K": ("Finance et assurance", "Finance and insurance", 64, 66),
    "L": ("Activités immobilières", "Real estate", 68, 68),
    "M": ("Activités spécialisées, scientifiques et techniques", "Professional, scientific and technical", 69, 75),
    "N": ("Services administratifs et de soutien", "Administrative and support services", 77, 82),
    "O": ("Administration publique", "Public administration", 84, 84),
    "P": ("Enseignement", "Education", 85, 85),
    "Q": ("Santé humaine et action sociale", "Health and social work", 86, 88),
    "R": ("Arts, spectacles et activités récréatives", "Arts and recreation", 90, 93),
    "S": ("Autres services", "Other services", 94, 96),
    "T": ("Ménages employeurs", "Households as employers", 97, 98),
    "U": ("Activités extra-territoriales", "Extraterritorial organisations", 99, 99),
}
# INSEE headcount bands: code, least and most people ("NN" employs nobody and never did in the year).
BANDS = {
    "NN": (0, 0),
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10000, None),
}
# The legal categories that companies of the base have, by their four-digit code.
LEGAL = {
    "1000": ("Entrepreneur individuel", "Sole trader"),
    "5202": ("Société en nom collectif", "General partnership"),
    "5308": ("Société en commandite par actions", "Partnership limited by shares"),
    "5499": ("Société à responsabilité limitée (SARL)", "Limited liability company (SARL)"),
    "5498": ("SARL unipersonnelle", "Single-member limited liability company"),
    "5505": ("Société anonyme à participation ouvrière", "Public limited company with employee shares"),
    "5599": ("SA à conseil d’administration", "Public limited company with a board"),
    "5699": ("SA à directoire", "Public limited company with a management board"),
    "5710": ("Société par actions simplifiée (SAS)", "Simplified joint-stock company (SAS)"),
    "5720": ("SAS à associé unique (SASU)", "Single-member simplified joint-stock company"),
    "5785": ("Société d’exercice libéral par actions simplifiée", "Professional simplified joint-stock company"),
    "5800": ("Société européenne", "European company"),
    "6220": ("Groupement d’intérêt économique", "Economic interest group"),
    "6317": ("Société coopérative agricole", "Agricultural cooperative"),
    "6540": ("Société civile immobilière", "Property company"),
    "6599": ("Société civile", "Civil company"),
    "9220": ("Association déclarée", "Registered association"),
}


def section_of(division: str) -> str:
    """The section letter of a two-digit division, "" for a number that is none."""
    number = int(division)
    return next((letter for letter, (_fr, _en, first, last) in SECTIONS.items() if first <= number <= last), "")


def parent_of(code: str) -> str:
    """One level up the tree: 10.72Z → 10.72 → 10.7 → 10 → C."""
    if len(code) == 2:
        return section_of(code)
    return code[:-2] if len(code) == 4 else code[:-1]


def load_activities() -> int:
    rows = [
        Activity(revision=2, code=letter, name_fr=french, name_en=english, level=1)
        for letter, (french, english, _first, _last) in SECTIONS.items()
    ]
    levels = {2: 2, 4: 3, 5: 4, 6: 5}
    for line in package_json(PACKAGE, "index.json"):
        code = line["id"]
        # INSEE publishes no English labels; the French one is better than an invented one.
        rows.append(
            Activity(
                revision=2,
                code=code,
                name_fr=line["label"][:250],
                name_en=line["label"][:250],
                level=levels[len(code)],
                parent_code=parent_of(code),
            )
        )
    return upsert(Activity, rows, ["revision", "code"], FIELDS)


def load_bands() -> int:
    rows = []
    for code, (least, most) in BANDS.items():
        if code == "NN":
            french, english = "Non employeuse", "No employees"
        elif most == 0:
            french, english = "0 salarié", "0 employees"
        elif most is None:
            french, english = f"{least:,} salariés et plus".replace(",", " "), f"{least:,} employees and more"
        else:
            french, english = f"{least:,} à {most:,} salariés".replace(",", " "), f"{least:,} to {most:,} employees"
        rows.append(WorkforceBand(code=code, name_fr=french, name_en=english, minimum=least, maximum=most))
    return upsert(WorkforceBand, rows, ["code"], ["name_fr", "name_en", "minimum", "maximum"])


def load_legal() -> int:
    rows = [LegalCategory(code=code, name_fr=french, name_en=english) for code, (french, english) in LEGAL.items()]
    return upsert(LegalCategory, rows, ["code"], ["name_fr", "name_en"])


ACTIVITIES = Source(
    code="naf",
    name_fr="Nomenclature d’activités française (NAF rév. 2)",
    name_en="French classification of activities (NAF rev. 2)",
    publisher="INSEE",
    source=lambda: f"npm {PACKAGE} {package_version(PACKAGE)}",
    version=lambda: package_version(PACKAGE),
    licence="Apache-2.0; Licence Ouverte 2.0",
    load=load_activities,
    depends_on=lambda: [package_version(PACKAGE).encode(), code_of(__file__)],
)
BANDS_SET = Source(
    code="workforce-bands",
    name_fr="Tranches d’effectif",
    name_en="Headcount bands",
    publisher="INSEE",
    source=lambda: "Codes of the SIRENE documentation",
    version=lambda: "2026",
    licence="Licence Ouverte 2.0",
    load=load_bands,
    depends_on=lambda: [code_of(__file__)],
)
LEGAL_SET = Source(
    code="legal-categories",
    name_fr="Catégories juridiques (principales)",
    name_en="Legal categories (main ones)",
    publisher="INSEE",
    source=lambda: "Codes of the SIRENE documentation",
    version=lambda: "2026",
    licence="Licence Ouverte 2.0",
    load=load_legal,
    depends_on=lambda: [code_of(__file__)],
)
