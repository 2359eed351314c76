"""How many companies each regional site reached (ledger REG-03, REG-04, DIAG-09); `reporting` reads it."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from pavillon.directory.enums import Size
from pavillon.solutions.models import AccountOpening, CompanyVisit, RegionSite


def regions_live(on: date) -> QuerySet[RegionSite]:
    """The sites of regions that were public that day."""
    return RegionSite.objects.filter(live_since__lte=on).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def accounts_by_region(*, since: date | None = None, until: date | None = None) -> dict[str, int]:
    """Companies that opened their account, by region of the site; "" is the national site. `until` is excluded."""
    rows = AccountOpening.objects.all()
    if since:
        rows = rows.filter(opened_at__date__gte=since)
    if until:
        rows = rows.filter(opened_at__date__lt=until)
    return {row["region"] or "": row["n"] for row in rows.values("region").annotate(n=Count("pk")).order_by("region")}


def visitors_by_region(*, since: date | None = None, until: date | None = None) -> list[dict[str, Any]]:
    """SMEs and mid-caps that visited each site: [{"region", "companies"}], a company counted once over the period."""
    rows = CompanyVisit.objects.filter(company__size__in=[Size.PME, Size.ETI, Size.UNKNOWN])
    if since:
        rows = rows.filter(month__gte=since.replace(day=1))
    if until:
        rows = rows.filter(month__lt=until)
    found = rows.values("region").annotate(companies=Count("company", distinct=True)).order_by("region")
    return [{"region": row["region"], "companies": row["companies"]} for row in found]
