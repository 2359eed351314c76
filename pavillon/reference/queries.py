"""Working days in France, and what follows from a fact."""

from datetime import date, timedelta
from functools import lru_cache

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Length

from pavillon.core.postgresql.kept import Kept
from pavillon.reference.models import Commune, DataSet, ProductCode, Sector
from pavillon.reference.sets.lists import SECTOR_ACTIVITIES

CharField.register_lookup(Length)


# INSEE's codes, and those of the library that knows the days.
_WITH_DAYS_OF_THEIR_OWN = {
    "44": "57", "01": "971", "02": "972", "03": "973", "04": "974", "06": "976",
    "975": "PM", "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


@lru_cache(maxsize=64)
def holidays(year: int, region: str = "") -> dict[date, str]:
    """Public holidays of a year, by day, with their French names.

    `region` is an INSEE region code: Grand Est ("44") adds the two days of Alsace-Moselle, regions and collectivities
    overseas theirs.
    """
    part = _WITH_DAYS_OF_THEIR_OWN.get(region)
    # Loaded when a day is asked for: calendars of all countries come with it.
    import holidays as calendars

    return dict(calendars.country_holidays("FR", subdiv=part, years=year, language="fr"))


def is_working_day(day: date, region: str = "") -> bool:
    return day.weekday() < 5 and day not in holidays(day.year, region)


def add_working_days(day: date, n: int, region: str = "") -> date:
    """The n-th working day after `day` (n positive)."""
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day, region)
    return day


def find_product_codes(text: str, *, most: int = 20) -> QuerySet[ProductCode]:
    """Six-digit codes of the Harmonised System that begin with these digits, or whose label has all these words."""
    codes = ProductCode.objects.filter(scheme="HS", code__length=6).order_by("code")
    digits = text.replace(".", "").replace(" ", "")
    if digits.isdigit():
        return codes.filter(code__startswith=digits)[:most]
    words = text.split()
    for word in words:
        codes = codes.filter(Q(name_fr__icontains=word) | Q(name_en__icontains=word))
    return codes[: most if words else 0]


# The index itself leaves out what is not alike enough ("LE" is in 3,000 names): the bound is set, for this transaction
# only, by the side that a lateral join reads first.
_COMMUNES_ALIKE = Kept("""
SELECT found.* FROM set_config('pg_trgm.similarity_threshold', %s, true) AS bound CROSS JOIN LATERAL (
    SELECT * FROM reference_commune WHERE bound IS NOT NULL AND upper(name) %% %s
    ORDER BY similarity(upper(name), %s) DESC, code LIMIT %s
) AS found
""")


def communes_named(text: str, most: int, *, likeness: float = 0.6) -> list[Commune]:
    """Communes whose name is like this text, the likest first. `likeness`: of trigrams, from 0 to 1."""
    upper = text.upper()
    return list(Commune.objects.raw(_COMMUNES_ALIKE, [str(likeness), upper, upper, most]))


def data_sets() -> QuerySet[DataSet]:
    """The loaded sets, for "about the data"."""
    return DataSet.objects.order_by("code")


@lru_cache(maxsize=1)
def _sectors_by_activity() -> dict[str, str]:
    return {code: slug for slug, codes in SECTOR_ACTIVITIES.items() for code in codes.split()}


def sector_of(activity_code: str) -> Sector | None:
    """The sector that an activity belongs to ("26.60Z": health), by SECTOR_ACTIVITIES; None when it has none."""
    digits = "".join(sign for sign in activity_code if sign.isdigit())
    known = _sectors_by_activity()
    slug = next((known[digits[:n]] for n in range(len(digits), 1, -1) if digits[:n] in known), None)
    return Sector.objects.filter(pk=slug).first() if slug else None
