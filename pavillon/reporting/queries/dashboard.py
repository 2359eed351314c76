"""The dashboard as its page draws it: tiles, funnel, curve, breakdown, each linked to its list."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from pavillon.crm.queries.delays import delay_of
from pavillon.reference.models import Region
from pavillon.reporting.enums import GroupBy, Stage
from pavillon.reporting.periods import PARIS, today
from pavillon.reporting.queries.funnel import Line, Scope, breakdown, enquiries_of, funnel, leads_of, views_of
from pavillon.reporting.queries.lists import NARROWS
from pavillon.reporting.queries.networks import by_network
from pavillon.reporting.queries.origins import by_origin
from pavillon.reporting.queries.sites import by_site
from pavillon.ui import charts
from pavillon.ui.words import day as told_day

MOST_DAYS = 92


def dashboard_of(scope: Scope, by: GroupBy, *, query: QueryDict) -> dict[str, Any]:
    """Everything the dashboard shows, from a bounded number of statements."""
    figures = funnel(scope)
    urls = {stage: address_of(stage, query) for stage in scope.stages}
    lines = breakdown(scope, by)

    def passage(title: str, *stages: Stage) -> Any:
        rows = [(str(stage.label), figures[stage]) for stage in stages]
        return charts.funnel(title, rows, urls={str(stage.label): urls[stage] for stage in stages})

    # Two journeys, two funnels: a company's request is no later step of a buyer's enquiry.
    funnels = [passage(_("Companies: from a request to good hands"), Stage.LEADS, Stage.TAKEN)]
    if Stage.VIEWS in scope.stages:
        funnels.insert(0, passage(_("Buyers: from a look to an enquiry"), Stage.VIEWS, Stage.ENQUIRIES))
    plain = {key: query[key] for key in query if key not in NARROWS}
    return {
        "scope": scope,
        "by": by,
        "tiles": [(stage, figures[stage], urls[stage]) for stage in scope.stages],
        # Not that of a list: it tells how soon, and opens the page that says where.
        "delay": delay_of(leads_of(scope)),
        "lines": [(line, line_cells(line, scope, by, query)) for line in lines],
        "stages": scope.stages,
        "funnels": funnels,
        "networks": by_network(scope),
        "origins": by_origin(scope),
        "behind_leads": address_of(Stage.LEADS, plain),
        "behind_taken": address_of(Stage.TAKEN, plain),
        # A visit has no vertical and no adviser: narrowed to one, the sites have no figure.
        "sites": [] if scope.company or scope.vertical or scope.unit else by_site(scope),
        "curve": curve(scope),
        "map": region_map(scope, lines) if by is GroupBy.REGION and not scope.region else "",
    }


def address_of(stage: Stage, query: Mapping[str, Any], **narrower: Any) -> str:
    """The list behind a figure, in the same scope."""
    copied = QueryDict(mutable=True)
    copied.update({k: v for k, v in query.items() if k != "by"} | narrower)
    return f"{reverse('reporting:behind', args=[stage.value])}?{copied.urlencode()}"


def line_cells(line: Line, scope: Scope, by: GroupBy, query: QueryDict) -> list[tuple[int, str, str]]:
    """The counts of one line of the breakdown, their lists (none without a group), and what each counts."""
    return [
        (
            line.counts.get(stage, 0),
            address_of(stage, query, **{by.value: line.key}) if line.key else "",
            str(stage.label),
        )
        for stage in scope.stages
    ]


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
    counted = {Stage.VIEWS: views, Stage.ENQUIRIES: enquiries, Stage.LEADS: leads}
    return charts.line(
        _("Day by day"),
        [told_day(d) for d in days],
        [
            charts.Series(str(stage.label), [counts.get(d, 0) for d in days])
            for stage, counts in counted.items()
            if stage in scope.stages
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
