"""The dashboard as its page draws it: tiles, funnel, curve, breakdown, each linked to its list."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from pavillon.reference.models import Region
from pavillon.reporting.enums import GroupBy, Stage
from pavillon.reporting.periods import PARIS, today
from pavillon.reporting.queries.funnel import Scope, breakdown, enquiries_of, funnel, leads_of, views_of
from pavillon.ui import charts
from pavillon.ui.words import day as told_day

MOST_DAYS = 92


def dashboard_of(scope: Scope, by: GroupBy, *, query: QueryDict) -> dict[str, Any]:
    """Everything the dashboard shows, from a bounded number of statements."""
    figures = funnel(scope)
    urls = {stage.value: address_of(stage, query) for stage in Stage}
    lines = breakdown(scope, by)
    tiles = [(stage, figures[stage], urls[stage.value]) for stage in Stage]

    def passage(title: str, *stages: Stage) -> Any:
        rows = [(str(stage.label), figures[stage]) for stage in stages]
        return charts.funnel(title, rows, urls={str(stage.label): urls[stage.value] for stage in stages})

    return {
        "scope": scope,
        "by": by,
        "tiles": tiles,
        "lines": [(line, line_addresses(line.key, by, query)) for line in lines],
        "stages": list(Stage),
        # Two journeys, two funnels: a company's request is no later step of a buyer's enquiry.
        "funnels": [
            passage(_("Buyers: from a look to an enquiry"), Stage.VIEWS, Stage.ENQUIRIES),
            passage(_("Companies: from a request to good hands"), Stage.LEADS, Stage.TAKEN),
        ],
        "curve": curve(scope),
        "map": region_map(scope, lines) if by is GroupBy.REGION and not scope.region else "",
    }


def address_of(stage: Stage, query: Mapping[str, Any], **narrower: Any) -> str:
    """The list behind a figure, in the same scope."""
    copied = QueryDict(mutable=True)
    copied.update({k: v for k, v in query.items() if k != "by"} | narrower)
    return f"{reverse('reporting:behind', args=[stage.value])}?{copied.urlencode()}"


def line_addresses(key: str, by: GroupBy, query: QueryDict) -> dict[str, str]:
    """The lists of one line of the breakdown; a line without a group has none."""
    return {stage.value: address_of(stage, query, **{by.value: key}) for stage in Stage} if key else {}


def curve(scope: Scope) -> str:
    """Views, enquiries and requests day by day, at most the last three months of the period."""
    until = min(scope.period.until, today())
    since = max(scope.period.since or until - timedelta(days=MOST_DAYS - 1), until - timedelta(days=MOST_DAYS - 1))
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    if len(days) < 2:
        return ""
    views: dict[Any, int] = {}
    for row in views_of(scope, by="day"):
        views[row["day"]] = views.get(row["day"], 0) + row["count"]
    enquiries = per_day(enquiries_of(scope), "sent_at")
    leads = per_day(leads_of(scope), "received_at")
    return charts.line(
        _("Day by day"),
        [told_day(d) for d in days],
        [
            charts.Series(str(Stage.VIEWS.label), [views.get(d, 0) for d in days]),
            charts.Series(str(Stage.ENQUIRIES.label), [enquiries.get(d, 0) for d in days]),
            charts.Series(str(Stage.LEADS.label), [leads.get(d, 0) for d in days]),
        ],
    )


def per_day(rows: Any, field: str) -> dict[Any, int]:
    """Rows a day of Paris."""
    grouped = rows.order_by().annotate(day=TruncDate(field, tzinfo=PARIS)).values("day").annotate(n=Count("pk"))
    return dict(grouped.values_list("day", "n"))


def region_map(scope: Scope, lines: list[Any]) -> str:
    """Requests by region."""
    names = {region.pk: region.name for region in Region.objects.exclude(zone="com")}
    values = {line.key: line.counts.get(Stage.LEADS, 0) for line in lines if line.key}
    return charts.france(_("Requests received by region"), values, names)
