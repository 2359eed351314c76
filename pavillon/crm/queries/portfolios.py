"""What the portfolios hold, split by the network of the adviser who answers for each company."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pavillon.accounts.enums import Network
from pavillon.accounts.models import Membership, User
from pavillon.crm.enums import Lifecycle
from pavillon.crm.models import QualifiedPeriod, Referent
from pavillon.directory.enums import ExportClass
from pavillon.directory.models import Company

OTHER = "none"
MET_WITHIN = 365


def networks() -> dict[str, str]:
    """The columns: the two networks, and advisers of neither."""
    return {Network.CI.value: "CI", Network.CAI.value: "CAI", OTHER: _("Other advisers")}


def with_network(rows: QuerySet[Any], person: str = "adviser", place: str = "organisation") -> QuerySet[Any, Any]:
    """Each with `network_of`: that of the role by which the person is in the organisation for which he acts there."""
    own = Membership.objects.current().filter(
        user=OuterRef(person), organisation=OuterRef(place), network__in=(Network.CI, Network.CAI)
    )
    return rows.annotate(network_of=Coalesce(Subquery(own.order_by("pk").values("network")[:1]), Value(OTHER)))


@dataclass(frozen=True)
class Indicator:
    """One figure: its count for each network, their sum, and the question that lists what is behind it."""

    code: str
    label: str
    # ((code, name) of the network, its count)
    cells: list[tuple[tuple[str, str], int]]
    asks: str = ""

    @property
    def total(self) -> int:
        return sum(count for _network, count in self.cells)


@dataclass(frozen=True)
class Portfolios:
    """All indicators, and the companies of each organisation; columns are networks and add up to the total."""

    columns: list[tuple[str, str]]
    indicators: list[Indicator]
    organisations: list[Indicator]


def portfolios_of(user: User, region: str = "") -> Portfolios:
    """Of the companies that one may see and that somebody answers for today; one statement."""
    companies = Company.objects.visible_to(user).standing().order_by()
    if region:
        companies = companies.filter(region=region)
    rows = with_network(Referent.objects.visible_to(user).current().filter(company__in=companies.values("pk")))
    today = timezone.localdate()
    since = timezone.make_aware(
        datetime.datetime.combine(today - datetime.timedelta(days=MET_WITHIN), datetime.time.min)
    )
    qualified = QualifiedPeriod.objects.on(today).filter(company=OuterRef("company"))
    classes = {kind.value: Count("pk", filter=Q(company__profile__export_class=kind)) for kind in ExportClass}
    told: list[dict[str, Any]] = list(
        rows.annotate(is_qualified=Exists(qualified))
        .order_by()
        .values("network_of", "organisation", "organisation__name")
        .annotate(
            companies=Count("pk"),
            **classes,
            unknown=Count("pk", filter=Q(company__profile__isnull=True)),
            qualified=Count("pk", filter=Q(is_qualified=True)),
            met=Count("pk", filter=Q(company__profile__last_exchange_at__gte=since)),
            clients=Count("pk", filter=Q(company__profile__services__gt=0)),
            inactive=Count("pk", filter=Q(company__profile__lifecycle=Lifecycle.INACTIVE)),
            services=Sum("company__profile__services"),
            sales=Sum("company__profile__attested_sales"),
            score=Sum("company__profile__score"),
        )
    )
    where = f"&region.in={region}" if region else ""
    indicators = [
        _added(told, code, label, f"{asks}{where}" if asks else "")
        for code, label, asks in _labels()
        if code != "unknown" or any(row["unknown"] for row in told)
    ]
    names = {row["organisation"]: row["organisation__name"] for row in told}
    places = [
        _added([row for row in told if row["organisation"] == key], "companies", name, f"portfolio.in={key}{where}")
        for key, name in names.items()
    ]
    places.sort(key=lambda line: (-line.total, line.label))
    return Portfolios(list(networks().items()), indicators, places)


def _labels() -> list[tuple[str, str, str]]:
    """(figure, its name, the question of the list of companies behind it)."""
    return [
        ("companies", _("Companies followed"), "followed.yes=1"),
        *((kind.value, str(kind.label), f"computed_export.in={kind.value}") for kind in ExportClass),
        ("unknown", _("Class not computed yet"), ""),
        ("qualified", _("Qualified SMEs and mid-caps"), ""),
        ("met", _("Met within a year"), f"last_exchange.last={MET_WITHIN}"),
        ("clients", _("Companies to which a service was delivered"), "services.above=0"),
        ("inactive", pgettext("portfolio", "Inactive clients"), f"lifecycle.in={Lifecycle.INACTIVE.value}"),
        ("services", _("Services delivered"), ""),
        ("sales", _("Sales abroad attested within three years"), ""),
        ("score", _("Potential (sum of scores)"), ""),
    ]


def _added(rows: list[dict[str, Any]], code: str, label: str, asks: str) -> Indicator:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row["network_of"]] += row[code] or 0
    return Indicator(code, label, [(column, sums[column[0]]) for column in networks().items()], asks)
