"""The figures of requests split by the network of the advisers who handle them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Network
from pavillon.accounts.models import Membership
from pavillon.crm.enums import LeadState
from pavillon.crm.models import Lead
from pavillon.reporting.queries.funnel import Scope, leads_of

NOBODY = "nobody"
IN_HAND = (LeadState.ASSIGNED, LeadState.TAKEN)


@dataclass(frozen=True)
class NetworkRow:
    """One indicator: its count for each column of `NetworkTable`, and their sum."""

    code: str
    label: str
    counts: list[tuple[str, int]]
    total: int

    @property
    def cells(self) -> list[tuple[str, str, int]]:
        """(key, name of the column, count)."""
        names = columns_of()
        return [(key, names[key], count) for key, count in self.counts]


@dataclass(frozen=True)
class NetworkTable:
    """Columns are the two networks, advisers of neither, and requests that nobody holds."""

    columns: list[str]
    rows: list[NetworkRow]


def columns_of() -> dict[str, str]:
    """{key: name} of the columns."""
    return {
        Network.CI.value: "CI",
        Network.CAI.value: "CAI",
        Network.NONE.value: _("Other advisers"),
        NOBODY: _("No adviser yet"),
    }


def with_column(leads: QuerySet[Lead]) -> QuerySet[Any, Any]:
    """Requests with the `column` in which each counts."""
    own = Membership.objects.current().filter(user=OuterRef("adviser")).order_by("-is_default", "pk")
    column: Any = Case(
        When(adviser__isnull=True, then=Value(NOBODY)),
        default=Coalesce(Subquery(own.values("network")[:1]), Value("")),
        output_field=CharField(),
    )
    return leads.annotate(column=column)


def by_network(scope: Scope) -> NetworkTable:
    """Requests of the scope received, taken charge and in hand, by adviser network. One statement.

    Each request counts in one column: an adviser's network is that of the membership he uses at sign-in, else the
    first one (as `User.acting`). So the columns add up to the figures of the dashboard.
    """
    columns = columns_of()
    grouped = with_column(leads_of(scope)).order_by().values("column")
    counts = grouped.annotate(
        received=Count("pk"),
        taken=Count("taken_at"),
        in_hand=Count("pk", filter=Q(state__in=IN_HAND)),
    )
    found: dict[str, Any] = {row["column"]: row for row in counts}
    labels = {"received": _("Requests of companies"), "taken": _("Requests taken charge"), "in_hand": _("In hand now")}
    rows = []
    for code, label in labels.items():
        cells = [(key, found.get(key, {}).get(code, 0)) for key in columns]
        rows.append(NetworkRow(code, label, cells, sum(count for _key, count in cells)))
    return NetworkTable(list(columns.values()), rows)
