"""Countries: ISO codes and CLDR names, both from Babel; where they lie, from a file of our own."""

import csv
from pathlib import Path

from babel import Locale
from babel.core import get_global

from pavillon.reference.models import Country
from pavillon.reference.sets import Source, code_of, library_version, upsert

# CLDR also names groups and reserved codes; none of these is a country.
NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}


CENTRES = Path(__file__).parent.parent / "data" / "country_centres.csv"


def centres() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of each country, by its code (Natural Earth; see the licence beside the file)."""
    with CENTRES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def codes() -> list[str]:
    known = (str(code) for code in Locale("en").territories)
    return sorted(code for code in known if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES)


def load() -> int:
    french, english = Locale("fr").territories, Locale("en").territories
    aliases = get_global("territory_aliases")
    alpha3 = {new[0]: old for old, new in aliases.items() if len(old) == 3 and old.isalpha() and len(new) == 1}
    numeric = {new[0]: old for old, new in aliases.items() if len(old) == 3 and old.isdigit() and len(new) == 1}
    places = centres()
    rows = (
        Country(
            code=code,
            name_fr=french[code],
            name_en=english[code],
            alpha3=alpha3.get(code, ""),
            numeric=numeric.get(code, ""),
            latitude=places.get(code, (None, None))[0],
            longitude=places.get(code, (None, None))[1],
        )
        for code in codes()
    )
    return upsert(Country, rows, ["code"], ["name_fr", "name_en", "alpha3", "numeric", "latitude", "longitude"])


COUNTRIES = Source(
    code="countries",
    name_fr="Pays et territoires",
    name_en="Countries and territories",
    publisher="Unicode CLDR, ISO 3166-1; Natural Earth",
    source=lambda: f"PyPI babel {library_version('babel')}",
    version=lambda: library_version("babel"),
    licence="Unicode License v3; public domain",
    load=load,
    depends_on=lambda: [library_version("babel").encode(), code_of(__file__), CENTRES.read_bytes()],
)
