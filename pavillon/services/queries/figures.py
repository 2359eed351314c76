"""What orders amount to, whom surveys reached, what services brought about: each grouping is one statement."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.crm.queries.portfolios import networks, with_network
from pavillon.reference.enums import Currency
from pavillon.reference.models import Country, Region
from pavillon.services.enums import FlowKind, OrderState, ServiceKind, SurveyKind, Unasked
from pavillon.services.models import AMOUNT, ExportFlow, Service, ServiceOrder
from pavillon.ui import together


@dataclass(frozen=True)
class Total:
    """Orders and their price without tax in one currency, cancelled ones aside."""

    currency: str
    orders: int
    amount: Decimal


def totals_of(orders: QuerySet[ServiceOrder]) -> list[Total]:
    """What a list of orders amounts to, by currency."""
    return totals_and_count(orders)[0]


def totals_and_count(orders: QuerySet[ServiceOrder]) -> tuple[list[Total], int]:
    """What a list of orders amounts to, by currency, and how many they are, cancelled ones included. One statement."""
    stands = ~Q(state=OrderState.CANCELLED)
    rows = (
        orders.order_by()
        .values("currency")
        .annotate(
            all=Count("pk"),
            n=Count("pk", filter=stands),
            amount=Sum(AMOUNT, filter=stands),
        )
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    told = [Total(row["currency"], row["n"], row["amount"]) for row in found if row["n"]]
    return sorted(told, key=lambda one: -one.orders), sum(row["all"] for row in found)


@dataclass
class Coverage:
    """Delivered services of one group: how many companies were asked, how many answered, their mean score."""

    label: str
    delivered: int = 0
    invited: int = 0
    objected: int = 0
    waiting: int = 0
    answered: int = 0
    points: int = 0
    low: int = 0
    # The impact survey, once its day has come.
    later_due: int = 0
    later_invited: int = 0
    later_objected: int = 0
    later_answered: int = 0

    @property
    def covered(self) -> Decimal | None:
        """Percent of those who may be asked that were; None without any. 100 only when nobody is missing."""
        return _percent(self.invited, self.delivered - self.objected, rounding=ROUND_DOWN)

    @property
    def rate(self) -> Decimal | None:
        """Percent of those asked that answered."""
        return _percent(self.answered, self.invited)

    @property
    def later_covered(self) -> Decimal | None:
        """Percent of those whose day of the impact survey has come that were asked; as `covered`."""
        return _percent(self.later_invited, self.later_due - self.later_objected, rounding=ROUND_DOWN)

    @property
    def later_rate(self) -> Decimal | None:
        """Percent of those asked about the impact that answered."""
        return _percent(self.later_answered, self.later_invited)

    @property
    def score(self) -> Decimal | None:
        """Mean of 10."""
        return (Decimal(self.points) / self.answered).quantize(Decimal("0.1")) if self.answered else None


def _percent(part: int, whole: int, *, rounding: str = ROUND_HALF_EVEN) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), rounding=rounding) if whole > 0 else None


# What figures are told by: the column, and the rows that its values name among those of a query.
Naming = Callable[[Any], QuerySet[Any]]


def _named(model: type[Any]) -> Naming:
    return lambda keys: model.objects.filter(pk__in=keys)


COVERAGE_BY: dict[str, tuple[str, Naming | None]] = {
    "service": ("service", _named(Service)),
    "region": ("region", _named(Region)),
    "organisation": ("organisation", _named(Organisation)),
    "provider": ("provider", _named(Organisation)),
    "network": ("network_of", None),
}


def coverage_by(user: User, since: datetime.date, until: datetime.date, low: int) -> dict[str, list[Coverage]]:
    """Services delivered in a period that one may see, by each of `COVERAGE_BY`; one statement."""
    delivered = ServiceOrder.objects.visible_to(user).delivered().filter(delivered_on__range=(since, until)).order_by()
    delivered = with_network(delivered, "ordered_by")
    told = together.ask(
        **{name: _coverage_by(delivered, column, low) for name, (column, _names) in COVERAGE_BY.items()},
        **{
            f"names of {name}": names(delivered.values(column))
            for name, (column, names) in COVERAGE_BY.items()
            if names
        },
    )
    found: dict[str, list[Coverage]] = {}
    for name, (column, _names) in COVERAGE_BY.items():
        names = {row.pk: str(row) for row in told[f"names of {name}"]} if f"names of {name}" in told else networks()
        lines = [_line(row, names.get(row[column], _("not known"))) for row in told[name]]
        found[name] = sorted(lines, key=lambda line: (-line.delivered, line.label))
    return found


def _coverage_by(delivered: QuerySet[ServiceOrder], column: str, low: int) -> QuerySet[Any, Any]:
    asked = Q(surveys__kind=SurveyKind.SATISFACTION)
    later = Q(surveys__kind=SurveyKind.IMPACT)
    due = later & (Q(surveys__send_on__lte=timezone.localdate()) | Q(surveys__sent_at__isnull=False))
    return delivered.values(column).annotate(
        n=Count("pk", distinct=True),
        invited=Count("surveys", filter=asked & Q(surveys__sent_at__isnull=False)),
        objected=Count("surveys", filter=asked & Q(surveys__unasked=Unasked.OBJECTED)),
        answered=Count("surveys", filter=asked & Q(surveys__answered_at__isnull=False)),
        points=Sum("surveys__score", filter=asked),
        low=Count("surveys", filter=asked & Q(surveys__score__lte=low)),
        later_due=Count("surveys", filter=due),
        later_invited=Count("surveys", filter=later & Q(surveys__sent_at__isnull=False)),
        later_objected=Count("surveys", filter=due & Q(surveys__unasked=Unasked.OBJECTED)),
        later_answered=Count("surveys", filter=later & Q(surveys__answered_at__isnull=False)),
    )


def _line(row: dict[str, Any], label: str) -> Coverage:
    return Coverage(
        label, row["n"], row["invited"], row["objected"],
        row["n"] - row["invited"] - row["objected"], row["answered"], row["points"] or 0, row["low"],
        row["later_due"], row["later_invited"], row["later_objected"], row["later_answered"],
    )  # fmt: skip


def whole(lines: list[Coverage]) -> Coverage:
    """The sum of the lines of one grouping."""
    told = (
        "delivered", "invited", "objected", "waiting", "answered", "points", "low", "later_due", "later_invited",
        "later_objected", "later_answered",
    )  # fmt: skip
    return Coverage(_("All"), **{name: sum(getattr(line, name) for line in lines) for name in told})


@dataclass
class Brought:
    """Export flows of one group: how many, and their amounts by currency."""

    label: str
    flows: int
    amounts: list[tuple[str, Decimal]]


FLOWS_BY: dict[str, tuple[str, Naming | None]] = {
    "country": ("country", _named(Country)),
    "kind": ("kind", None),
    "service": ("survey__order__service", _named(Service)),
    "service_kind": ("survey__order__service__kind", None),
    "network": ("network_of", None),
}
# Values that are no rows of a table.
FLOW_WORDS: dict[str, Any] = {"kind": FlowKind, "service_kind": ServiceKind}


def flows_by(flows: QuerySet[ExportFlow]) -> dict[str, list[Brought]]:
    """Flows that companies attested, by each of `FLOWS_BY`; one statement. Nothing is converted."""
    rows = with_network(flows.order_by(), "survey__order__ordered_by", "survey__order__organisation")
    told = together.ask(
        **{name: _flows_by(rows, column) for name, (column, _names) in FLOWS_BY.items()},
        **{f"names of {name}": names(rows.values(column)) for name, (column, names) in FLOWS_BY.items() if names},
    )
    found: dict[str, list[Brought]] = {}
    for name in FLOWS_BY:
        names = {row.pk: str(row) for row in told.get(f"names of {name}", ())}
        groups: dict[Any, Brought] = {}
        for value, currency, count, amount in told[name]:
            line = groups.setdefault(value, Brought(names.get(value) or _word(name, value), 0, []))
            line.flows += count
            if amount:
                line.amounts.append((Currency(currency).value, amount))
        found[name] = sorted(groups.values(), key=lambda line: (-line.flows, line.label))
    return found


def _word(name: str, value: str) -> str:
    return networks()[value] if name == "network" else str(FLOW_WORDS[name](value).label)


def _flows_by(flows: QuerySet[ExportFlow], column: str) -> QuerySet[Any, Any]:
    return flows.values_list(column, "currency").annotate(n=Count("pk"), whole=Sum("amount"))


@dataclass(frozen=True)
class ServiceFigures:
    """How one service fares, as far as the reader may see."""

    orders: int
    delivered: int
    answered: int
    score: Decimal | None
    flows: int
    amounts: list[tuple[str, Decimal]]


def service_figures(orders: QuerySet[ServiceOrder], flows: QuerySet[ExportFlow]) -> ServiceFigures:
    """Of the orders and export flows of one service; two statements."""
    told = orders.aggregate(
        n=Count("pk", distinct=True),
        delivered=Count("pk", filter=Q(state=OrderState.DELIVERED), distinct=True),
        answered=Count("surveys", filter=Q(surveys__score__isnull=False)),
        points=Sum("surveys__score"),
    )
    score = (Decimal(told["points"]) / told["answered"]).quantize(Decimal("0.1")) if told["answered"] else None
    sums = flows.order_by().values("currency").annotate(n=Count("pk"), amount=Sum("amount"))
    rows: list[dict[str, Any]] = [dict(row) for row in sums]
    amounts = [(row["currency"], row["amount"]) for row in rows if row["amount"]]
    return ServiceFigures(told["n"], told["delivered"], told["answered"], score, sum(row["n"] for row in rows), amounts)
