"""The live funnel: views → enquiries → requests → taken charge, and the very lists that its figures count.

A figure and its list come from the same function here, with the same scope: they cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, QuerySet

from pavillon.accounts.models import Unit, User
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.metrics.queries import totals
from pavillon.reference.models import Region, Vertical
from pavillon.reporting.enums import GroupBy, Stage
from pavillon.reporting.periods import Period
from pavillon.reporting.permissions import is_agency_reader
from pavillon.showroom.enums import ProductState
from pavillon.showroom.models import Enquiry, Product

VIEW_KINDS = ("showroom.shop_viewed", "showroom.product_viewed")
MOST_LINES = 100


@dataclass(frozen=True)
class Scope:
    """What the figures are limited to: a period, and optionally a region, a company, a vertical, a unit.

    A unit stands for its whole branch: the requests that an adviser placed there today handles. Nobody handles a
    view, and buyers write to a company: those stages have no figure for a unit.
    """

    period: Period
    region: str = ""
    company: int | None = None
    vertical: str = ""
    unit: Unit | None = None
    # Whose figures they are: rows that this person may not see are not counted either. None: the installation's own.
    reader: User | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that can be counted in this scope, in their order."""
        return (Stage.LEADS, Stage.TAKEN) if self.unit else tuple(Stage)

    def narrowed(self, user: User) -> "Scope":
        """A region's people only ever see their region, and nobody counts rows that he may not see."""
        own = replace(self, reader=user)
        return own if is_agency_reader(user) else replace(own, region=user.region_id or "none")

    def counted(self, model: Any) -> Any:
        """The rows of a table that count for the reader: those of the lists behind the figures."""
        rows = model.objects.all()
        return rows if self.reader is None else rows.filter(pk__in=model.objects.visible_to(self.reader).values("pk"))


@dataclass(frozen=True)
class Line:
    """One line of the breakdown: key and name of the group, and its count at each stage."""

    key: str
    label: str
    counts: dict[str, int] = field(default_factory=dict)


def funnel(scope: Scope) -> dict[str, int]:
    """The figures of the scope, by stage. At most three statements."""
    leads = leads_of(scope).aggregate(received=Count("pk"), taken=Count("taken_at"))
    figures = {
        Stage.VIEWS: sum(row["count"] for row in views_of(scope, by="kind")),
        Stage.ENQUIRIES: enquiries_of(scope).count(),
        Stage.LEADS: leads["received"],
        Stage.TAKEN: leads["taken"],
    }
    return {stage: figures[stage] for stage in scope.stages}


def breakdown(scope: Scope, by: GroupBy) -> list[Line]:
    """The figures by region, company or vertical, most views first; at most 100 lines, each with its own counts.

    A request belongs to no vertical by itself: it counts for the main vertical of its company's published sheets.
    """
    counts: dict[str, dict[str, int]] = {}

    # An event without a company, a region or a vertical counts under "".
    def add(key: Any, stage: Stage, count: int) -> None:
        line = counts.setdefault(str(key or ""), {})
        line[stage] = line.get(stage, 0) + count

    for row in views_of(scope, by=by.value):
        add(row[by.value], Stage.VIEWS, row["count"])
    column = {"region": "shop__company__region", "company": "shop__company", "vertical": "product__vertical"}[by]
    for key, count in enquiries_of(scope).order_by().values_list(column).annotate(n=Count("pk")):
        add(key, Stage.ENQUIRIES, count)
    grouped = leads_of(scope).order_by()
    if by is GroupBy.VERTICAL:
        main = main_verticals()
        rows = [
            (main.get(company, ""), received, taken)
            for company, received, taken in grouped.values_list("company").annotate(r=Count("pk"), t=Count("taken_at"))
        ]
    else:
        rows = list(grouped.values_list(by.value).annotate(r=Count("pk"), t=Count("taken_at")))
    for key, received, taken in rows:
        add(key, Stage.LEADS, received)
        add(key, Stage.TAKEN, taken)
    names = _names(by, counts)
    lines = [Line(key, names.get(key, ""), line) for key, line in counts.items()]
    lines.sort(key=lambda line: (-sum(line.counts.values()), line.label))
    return lines[:MOST_LINES]


def _names(by: GroupBy, keys: Any) -> dict[str, str]:
    known = [key for key in keys if key]
    if by is GroupBy.COMPANY:
        return {str(pk): name for pk, name in Company.objects.filter(pk__in=known).values_list("pk", "name")}
    model: Any = Region if by is GroupBy.REGION else Vertical
    return {str(row.pk): row.name for row in model.objects.filter(pk__in=known)}


def views_of(scope: Scope, *, by: str | Sequence[str]) -> list[dict[str, Any]]:
    """Views of the scope grouped as `metrics.queries.totals` groups them; none for a unit."""
    if scope.unit:
        return []
    rows = totals(
        VIEW_KINDS,
        company_ids=None if scope.company is None else [scope.company],
        region_id=scope.region or None,
        by=[by, "vertical"] if scope.vertical and isinstance(by, str) else by,
        **scope.period.days,
    )
    return [row for row in rows if row["vertical"] == scope.vertical] if scope.vertical else rows


def enquiries_of(scope: Scope) -> QuerySet[Enquiry]:
    """Enquiries sent in the period; none for a unit."""
    if scope.unit:
        return Enquiry.objects.none()
    rows: QuerySet[Enquiry] = scope.counted(Enquiry).filter(**scope.period.within("sent_at"))
    rows = rows.filter(shop__company__region=scope.region) if scope.region else rows
    rows = rows.filter(shop__company=scope.company) if scope.company is not None else rows
    return rows.filter(product__vertical=scope.vertical) if scope.vertical else rows


def leads_of(scope: Scope) -> QuerySet[Lead]:
    """Requests received in the period; those taken charge are the ones with `taken_at`."""
    rows: QuerySet[Lead] = scope.counted(Lead).filter(**scope.period.within("received_at"))
    rows = rows.filter(region=scope.region) if scope.region else rows
    rows = rows.filter(company=scope.company) if scope.company is not None else rows
    rows = rows.filter(adviser__in=User.objects.in_branch(scope.unit)) if scope.unit else rows
    if scope.vertical:
        companies = [company for company, vertical in main_verticals().items() if vertical == scope.vertical]
        rows = rows.filter(company__in=companies)
    return rows


def main_verticals() -> dict[int, str]:
    """For each company with published sheets, the vertical of most of them (the first in order when equal)."""
    rows = (
        Product.objects.filter(state=ProductState.PUBLISHED)
        .order_by()
        .values_list("shop__company", "vertical")
        .annotate(n=Count("pk"))
        .order_by("shop__company", "n", "-vertical__order")
    )
    return {company: vertical for company, vertical, _n in rows}
