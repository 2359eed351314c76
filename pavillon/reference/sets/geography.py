"""Regions, departments and communes of the official geographic code (COG), with coordinates."""

import csv
import gzip
from pathlib import Path

from django.utils.text import slugify

from pavillon.reference.models import Commune, Department, Region
from pavillon.reference.sets import Source, code_of, package_file, package_json, package_version, upsert

PACKAGE = "@etalab/decoupage-administratif"
COORDINATES = Path(__file__).parent.parent / "data" / "commune_coordinates_2026.csv.gz"
# Names of regions that English readers know otherwise; the others keep their own.
ENGLISH = {
    "Bretagne": "Brittany",
    "Corse": "Corsica",
    "Normandie": "Normandy",
    "Occitanie": "Occitania",
    "La Réunion": "Reunion Island",
    "Guyane": "French Guiana",
    "Polynésie française": "French Polynesia",
    "Nouvelle-Calédonie": "New Caledonia",
    "Terres australes et antarctiques françaises": "French Southern and Antarctic Lands",
    "Saint-Pierre-et-Miquelon": "Saint Pierre and Miquelon",
    "Bourgogne-Franche-Comté": "Burgundy-Franche-Comté",
}


def coordinates() -> dict[str, tuple[float, float]]:
    """Latitude and longitude in degrees by INSEE code."""
    with gzip.open(COORDINATES, "rt", encoding="utf-8") as file:
        return {row["code_insee"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def load() -> int:
    regions = [
        Region(
            code=row["code"],
            name_fr=row["nom"],
            name_en=ENGLISH.get(row["nom"], row["nom"]),
            slug=slugify(row["nom"].replace("'", "-").replace("’", "-")),
            zone=row["zone"],
        )
        for row in package_json(PACKAGE, "data/regions.json")
    ]
    upsert(Region, regions, ["code"], ["name_fr", "name_en", "slug", "zone"])
    departments = [
        Department(code=row["code"], name_fr=row["nom"], name_en=row["nom"], region_id=row["region"])
        for row in package_json(PACKAGE, "data/departements.json")
    ]
    upsert(Department, departments, ["code"], ["name_fr", "name_en", "region"])
    places = coordinates()
    communes = [
        Commune(
            code=row["code"],
            name=row["nom"],
            department_id=row["departement"],
            region_id=row["region"],
            postal_codes=row.get("codesPostaux", []),
            population=row.get("population"),
            latitude=places.get(row["code"], (None, None))[0],
            longitude=places.get(row["code"], (None, None))[1],
        )
        for row in package_json(PACKAGE, "data/communes.json")
        if row["type"] == "commune-actuelle" and "region" in row and "departement" in row
    ]
    fields = ["name", "department", "region", "postal_codes", "population", "latitude", "longitude"]
    return len(regions) + len(departments) + upsert(Commune, communes, ["code"], fields)


GEOGRAPHY = Source(
    code="geography",
    name_fr="Régions, départements et communes",
    name_en="Regions, departments and communes",
    publisher="INSEE (code officiel géographique), La Poste, IGN",
    source=lambda: f"npm {PACKAGE} {package_version(PACKAGE)}; IGN ADMIN EXPRESS (points)",
    version=lambda: package_version(PACKAGE),
    licence="Licence Ouverte 2.0",
    load=load,
    depends_on=lambda: [
        package_version(PACKAGE).encode(),
        package_file(PACKAGE, "data/communes.json").stat().st_size.to_bytes(8, "big"),
        COORDINATES.read_bytes(),
        code_of(__file__),
    ],
)
