"""How much work lies in each territory: one statement for all of them, whatever the number of companies."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from pavillon.accounts.models import Organisation, User
from pavillon.crm.models import Territory
from pavillon.crm.queries.portfolios import OTHER, networks, with_network
from pavillon.crm.queries.territory_areas import Area, territories_in_force
from pavillon.reference.models import Region
from pavillon.ui import together
from pavillon.ui.together import Part

# How far back an exchange still counts as "met".
MET_WITHIN = timedelta(days=365)

_NAMED = re.compile(r"%\((\w+)\)s")

# A company lies in an area by its commune, there by its postal code and its sector.
LIES_IN = """a.commune = c.commune_id AND (a.postal_code = '' OR a.postal_code = c.postal_code)
    AND (a.sector = '' OR a.sector = coalesce(c.sector_id, '-'))"""
# Exports, or could; or somebody of the organisation answers for it.
IS_ACCOUNT = "(r.id IS NOT NULL OR coalesce(p.export_class, 'not_exporter') <> 'not_exporter')"

_COUNTED = f"""
SELECT a.place, count(*), count(*) FILTER (WHERE {IS_ACCOUNT}),
    coalesce(sum(p.score) FILTER (WHERE {IS_ACCOUNT}), 0), count(*) FILTER (WHERE r.id IS NOT NULL),
    count(*) FILTER (WHERE {IS_ACCOUNT} AND p.last_exchange_at >= %(since)s)
FROM directory_company c
LEFT JOIN {{areas}} AS a (commune, postal_code, sector, place) ON {LIES_IN}
LEFT JOIN crm_companyprofile p ON p.company_id = c.id
LEFT JOIN crm_referent r ON r.company_id = c.id AND r.organisation_id = %(organisation)s
    AND r.starts_on <= %(today)s AND (r.ends_on IS NULL OR r.ends_on >= %(today)s)
WHERE c.region_id = %(region)s AND c.merged_into_id IS NULL AND c.closed_on IS NULL
GROUP BY a.place
"""  # noqa: S608
_OF_AREAS = _COUNTED.format(
    areas="unnest(%(communes)s::text[], %(postal_codes)s::text[], %(sectors)s::text[]) WITH ORDINALITY"
)
_OF_TERRITORIES = _COUNTED.format(
    areas="""(
    SELECT each.commune_id, each.postal_code, each.sector, each.territory_id
    FROM crm_territoryarea each JOIN crm_territory t ON t.id = each.territory_id AND t.region_id = %(region)s
    WHERE each.closed_by_id IS NULL AND each.organisation_id = %(organisation)s
)"""
)


@dataclass(frozen=True)
class Figures:
    """Companies that lie somewhere; of them the accounts, their potential (sum of scores), followed, met in a year."""

    companies: int = 0
    accounts: int = 0
    potential: int = 0
    followed: int = 0
    met: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.companies + other.companies,
            self.accounts + other.accounts,
            self.potential + other.potential,
            self.followed + other.followed,
            self.met + other.met,
        )

    @property
    def followed_percent(self) -> int:
        return round(100 * self.followed / self.accounts) if self.accounts else 0

    @property
    def met_percent(self) -> int:
        return round(100 * self.met / self.accounts) if self.accounts else 0


NOTHING = Figures()


class Holder(NamedTuple):
    """A territory as it is or would be: its key ("12", or "new"), its name, its adviser."""

    key: str
    name: str
    adviser: User
    network: str = OTHER


@dataclass(frozen=True)
class Line:
    """One territory in the balance; `per_adviser`: accounts that its adviser has in all his territories."""

    holder: Holder
    figures: Figures
    per_adviser: int


@dataclass(frozen=True)
class Share:
    """What the territories of one network of advisers hold together."""

    name: str
    territories: int
    advisers: int
    figures: Figures


def _share(name: str, lines: Sequence[Line]) -> Share:
    advisers = {line.holder.adviser.pk for line in lines}
    return Share(name, len(lines), len(advisers), sum((line.figures for line in lines), NOTHING))


@dataclass(frozen=True)
class Balance:
    """The territories of an organisation in a region, side by side."""

    lines: list[Line]
    outside: Figures

    @property
    def whole(self) -> Figures:
        return sum((line.figures for line in self.lines), NOTHING)

    @property
    def by_network(self) -> list["Share"]:
        """The two networks, advisers of neither where there are any, and all: the parts add up to the last."""
        parts = [
            _share(name, [line for line in self.lines if line.holder.network == code])
            for code, name in networks().items()
        ]
        if not parts[-1].territories:
            parts.pop()
        return [*parts, _share(gettext("Total"), self.lines)]

    @property
    def advisers(self) -> int:
        return len({line.holder.adviser.pk for line in self.lines})

    @property
    def density(self) -> float | None:
        """Advisers for 1,000 accounts that lie in a territory: the coverage density."""
        accounts = self.whole.accounts
        return round(1000 * self.advisers / accounts, 2) if accounts else None

    @property
    def accounts_per_adviser(self) -> int | None:
        return round(self.whole.accounts / self.advisers) if self.advisers else None

    @property
    def spread_of_accounts(self) -> int | None:
        return _spread([line.figures.accounts for line in self.lines])

    @property
    def spread_of_potential(self) -> int | None:
        return _spread([line.figures.potential for line in self.lines])

    def told(self) -> dict[str, Any]:
        """As a change keeps it."""
        return {
            "lines": [
                {
                    "key": line.holder.key,
                    "name": line.holder.name,
                    "adviser": line.holder.adviser.pk,
                    **asdict(line.figures),
                }
                for line in self.lines
            ],
            "outside": asdict(self.outside),
            "advisers": self.advisers,
            "density": self.density,
            "accounts_per_adviser": self.accounts_per_adviser,
            "spread_of_accounts": self.spread_of_accounts,
            "spread_of_potential": self.spread_of_potential,
            "followed_percent": self.whole.followed_percent,
            "met_percent": self.whole.met_percent,
        }


def _spread(amounts: Sequence[int]) -> int | None:
    """Between the largest and the smallest, in percent of the mean: 0 when all are alike."""
    mean = sum(amounts) / len(amounts) if amounts else 0
    return round(100 * (max(amounts) - min(amounts)) / mean) if mean else None


def figures_of(organisation: Organisation, region: Region, areas: Sequence[Area]) -> tuple[list[Figures], Figures]:
    """(the figures of each area, those of companies of the region that lie in none); one statement."""
    values: dict[str, Any] = {
        "communes": [area.commune for area in areas],
        "postal_codes": [area.postal_code for area in areas],
        "sectors": [area.sector for area in areas],
        **_values(organisation, region),
    }
    found: dict[int | None, Figures] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_AREAS, values)
        for place, *counted in cursor.fetchall():
            found[place] = Figures(*(int(each) for each in counted))
    return [found.get(place, NOTHING) for place in range(1, len(areas) + 1)], found.get(None, NOTHING)


def _values(organisation: Organisation, region: Region) -> dict[str, Any]:
    return {
        "organisation": organisation.pk,
        "region": region.pk,
        "today": timezone.localdate(),
        "since": timezone.now() - MET_WITHIN,
    }


def balance_in_one(organisation: Organisation, region: Region) -> Balance:
    """The territories of an organisation in a region as they are; one statement."""
    values = _values(organisation, region)
    sql = _NAMED.sub("%s", _OF_TERRITORIES)
    figures = Part(sql, [values[name] for name in _NAMED.findall(_OF_TERRITORIES)], ["bigint"] * 6)
    told = together.ask(holders=with_network(territories_in_force(organisation, region)), figures=figures)
    found = {place: Figures(*counted) for place, *counted in told["figures"]}
    by_key = {str(place): each for place, each in found.items() if place is not None}
    return balance_of(_holders(told["holders"]), by_key, found.get(None, NOTHING))


def balance_of(holders: Sequence[Holder], figures: Mapping[str, Figures], outside: Figures) -> Balance:
    """The balance of territories whose figures are known by their keys."""
    of_adviser: dict[int, int] = {}
    for holder in holders:
        accounts = figures.get(holder.key, NOTHING).accounts
        of_adviser[holder.adviser.pk] = of_adviser.get(holder.adviser.pk, 0) + accounts
    lines = [Line(each, figures.get(each.key, NOTHING), of_adviser[each.adviser.pk]) for each in holders]
    return Balance(lines, outside)


def holders_today(organisation: Organisation, region: Region) -> list[Holder]:
    return _holders(territories_in_force(organisation, region))


def _holders(territories: Iterable[Territory]) -> list[Holder]:
    return [Holder(str(one.pk), one.name, one.adviser, getattr(one, "network_of", OTHER)) for one in territories]


def added_up(keys: Sequence[str], figures: Sequence[Figures]) -> dict[str, Figures]:
    """The figures of areas, by the key of the territory that holds each."""
    found: dict[str, Figures] = {}
    for key, each in zip(keys, figures, strict=True):
        found[key] = found.get(key, NOTHING) + each
    return found
