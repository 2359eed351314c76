"""What each regional site brought: companies that looked at it, and accounts opened on it."""

from dataclasses import dataclass
from datetime import timedelta

from pavillon.reference.models import Region
from pavillon.reporting.queries.funnel import Scope
from pavillon.solutions.queries.counts import accounts_by_region, visitors_by_region


@dataclass(frozen=True)
class SiteRow:
    """One site; `region` is "" for the national one, which counts accounts only: nobody's visits are noted there."""

    region: str
    label: str
    visitors: int
    accounts: int


def by_site(scope: Scope) -> list[SiteRow]:
    """The sites that brought something in the period, the national one always, or one's own region's. Three statements.

    A company is one visitor of a site, however often it came in the months of the period: SMEs and mid-caps, signed in,
    with their consent (`solutions.queries.counts`).
    """
    since, until = scope.period.since, scope.period.until + timedelta(days=1)
    visitors = {row["region"]: row["companies"] for row in visitors_by_region(since=since, until=until)}
    accounts = accounts_by_region(since=since, until=until)
    reached = {scope.region} if scope.region else {*visitors, *accounts} - {""}
    rows = [
        SiteRow(region.pk, region.name, visitors.get(region.pk, 0), accounts.get(region.pk, 0))
        for region in Region.objects.filter(pk__in=reached)
    ]
    rows.sort(key=lambda row: (-row.visitors - row.accounts, row.label))
    return rows if scope.region else [*rows, SiteRow("", "", 0, accounts.get("", 0))]
