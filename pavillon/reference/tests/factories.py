"""A few true facts for tests of every room: call what the test needs, each is made once."""

from pavillon.reference.models import (
    Activity,
    Commune,
    Country,
    Department,
    LegalCategory,
    Region,
    Sector,
    Vertical,
    WorkforceBand,
)

COUNTRIES = {
    "FR": ("France", "France"),
    "BR": ("Brésil", "Brazil"),
    "DE": ("Allemagne", "Germany"),
    "IT": ("Italie", "Italy"),
    "JP": ("Japon", "Japan"),
    "CA": ("Canada", "Canada"),
}
REGIONS = {
    "53": ("Bretagne", "Brittany", "bretagne", "metro"),
    "76": ("Occitanie", "Occitanie", "occitanie", "metro"),
    "11": ("Île-de-France", "Île-de-France", "ile-de-france", "metro"),
    "44": ("Grand Est", "Grand Est", "grand-est", "metro"),
    "04": ("La Réunion", "Réunion", "la-reunion", "drom"),
}
DEPARTMENTS = {
    "29": ("Finistère", "53"),
    "35": ("Ille-et-Vilaine", "53"),
    "31": ("Haute-Garonne", "76"),
    "75": ("Paris", "11"),
    "57": ("Moselle", "44"),
    "974": ("La Réunion", "04"),
}
# code: (name, department, postal codes, population)
COMMUNES = {
    "29026": ("Châteaulin", "29", ["29150"], 5200),
    "29019": ("Brest", "29", ["29200"], 139600),
    "35238": ("Rennes", "35", ["35000", "35200", "35700"], 227800),
    "31555": ("Toulouse", "31", ["31000", "31100"], 511700),
    "75056": ("Paris", "75", ["75001", "75002"], 2113700),
    "57463": ("Metz", "57", ["57000"], 121000),
    "97411": ("Saint-Denis", "974", ["97400"], 153000),
}
ACTIVITIES = {
    "C": ("Industrie manufacturière", "Manufacturing", "", 1),
    "10": ("Industries alimentaires", "Manufacture of food products", "C", 2),
    "10.72Z": ("Fabrication de biscuits, biscottes et pâtisseries de conservation", "Biscuits and rusks", "10.72", 5),
    "28.29B": ("Fabrication d'autres machines d'usage général", "Other general-purpose machinery", "28.29", 5),
}
VERTICALS = {
    "industry-40": ("Industrie 4.0", "Industry 4.0", ["industry"]),
    "medical-devices": ("Dispositif médical", "Medical devices", ["health"]),
    "machine-tools": ("Machines-outils", "Machine tools", ["industry"]),
}
SECTORS = {"industry": ("Industrie", "Industry"), "health": ("Santé", "Health")}
BANDS = {"11": (10, 19), "12": (20, 49), "21": (50, 99), "22": (100, 199)}


def make_country(code="FR"):
    name_fr, name_en = COUNTRIES[code]
    return Country.objects.get_or_create(code=code, defaults={"name_fr": name_fr, "name_en": name_en})[0]


def make_region(code="53"):
    name_fr, name_en, slug, zone = REGIONS[code]
    values = {"name_fr": name_fr, "name_en": name_en, "slug": slug, "zone": zone}
    return Region.objects.get_or_create(code=code, defaults=values)[0]


def make_department(code="29"):
    name, region = DEPARTMENTS[code]
    values = {"name_fr": name, "name_en": name, "region": make_region(region)}
    return Department.objects.get_or_create(code=code, defaults=values)[0]


def make_commune(code="29026"):
    name, department, postal_codes, population = COMMUNES[code]
    of = make_department(department)
    values = {
        "name": name,
        "department": of,
        "region": of.region,
        "postal_codes": postal_codes,
        "population": population,
    }
    return Commune.objects.get_or_create(code=code, defaults=values)[0]


def make_activity(code="10.72Z", revision=2):
    name_fr, name_en, parent, level = ACTIVITIES[code]
    values = {"name_fr": name_fr, "name_en": name_en, "parent_code": parent, "level": level}
    return Activity.objects.get_or_create(code=code, revision=revision, defaults=values)[0]


def make_workforce_band(code="12"):
    least, most = BANDS[code]
    values = {"name_fr": f"{least} à {most} salariés", "name_en": f"{least} to {most} people"}
    return WorkforceBand.objects.get_or_create(code=code, defaults={**values, "minimum": least, "maximum": most})[0]


def make_legal_category(code="5710"):
    values = {"name_fr": "SAS, société par actions simplifiée", "name_en": "Simplified joint-stock company (SAS)"}
    return LegalCategory.objects.get_or_create(code=code, defaults=values)[0]


def make_sector(slug="industry"):
    name_fr, name_en = SECTORS[slug]
    return Sector.objects.get_or_create(slug=slug, defaults={"name_fr": name_fr, "name_en": name_en})[0]


def make_vertical(slug="machine-tools"):
    name_fr, name_en, sectors = VERTICALS[slug]
    vertical = Vertical.objects.get_or_create(slug=slug, defaults={"name_fr": name_fr, "name_en": name_en})[0]
    vertical.sectors.set([make_sector(sector) for sector in sectors])
    return vertical
