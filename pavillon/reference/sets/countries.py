"""Countries: ISO codes and CLDR names, both from Babel."""

from babel import Locale
from babel.core import get_global

from pavillon.reference.models import Country
from pavillon.reference.sets import Source, code_of, library_version, upsert

# CLDR also names groups and reserved codes; none of these is a country.
NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}


def codes() -> list[str]:
    known = (str(code) for code in Locale("en").territories)
    return sorted(code for code in known if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES)


def load() -> int:
    french, english = Locale("fr").territories, Locale("en").territories
    aliases = get_global("territory_aliases")
    alpha3 = {new[0]: old for old, new in aliases.items() if len(old) == 3 and old.isalpha() and len(new) == 1}
    numeric = {new[0]: old for old, new in aliases.items() if len(old) == 3 and old.isdigit() and len(new) == 1}
    rows = (
        Country(
            code=code,
            name_fr=french[code],
            name_en=english[code],
            alpha3=alpha3.get(code, ""),
            numeric=numeric.get(code, ""),
        )
        for code in codes()
    )
    return upsert(Country, rows, ["code"], ["name_fr", "name_en", "alpha3", "numeric"])


COUNTRIES = Source(
    code="countries",
    name_fr="Pays et territoires",
    name_en="Countries and territories",
    publisher="Unicode CLDR, ISO 3166-1",
    source=lambda: f"PyPI babel {library_version('babel')}",
    version=lambda: library_version("babel"),
    licence="Unicode License v3",
    load=load,
    depends_on=lambda: [library_version("babel").encode(), code_of(__file__)],
)
