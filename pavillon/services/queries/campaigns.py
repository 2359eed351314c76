"""The orders and export flows that campaigns brought, by three ways of attributing (decision 0040)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.campaigns.models import Campaign, CampaignSettings
from pavillon.campaigns.queries.returns import Brought
from pavillon.core.policy import may_read
from pavillon.services.models import ExportFlow, ServiceOrder
from pavillon.ui.together import Part

# Of each order of a company that one of the campaigns touched: the touches of its company's requests in the days
# before it (n), those of each campaign among them (k), whether the earliest or the latest is of the campaign.
_CREDITED = """
SELECT order_id, campaign_id, n, count(*) AS k, bool_or(is_first) AS is_first, bool_or(is_last) AS is_last
FROM (
    SELECT o.id AS order_id, t.campaign_id, count(*) OVER (PARTITION BY o.id) AS n,
        row_number() OVER (PARTITION BY o.id ORDER BY t.touched_at, t.id) = 1 AS is_first,
        row_number() OVER (PARTITION BY o.id ORDER BY t.touched_at DESC, t.id DESC) = 1 AS is_last
    FROM services_serviceorder o
    JOIN crm_lead l ON l.company_id = o.company_id
    JOIN crm_leadtouch t ON t.lead_id = l.id
        AND t.touched_at <= o.proposed_at AND t.touched_at >= o.proposed_at
            - coalesce((SELECT window_days FROM campaigns_campaignsettings), %s) * interval '1 day'
    WHERE o.state <> 'cancelled' AND o.company_id IN (
        SELECT touched.company_id FROM crm_leadtouch mine JOIN crm_lead touched ON touched.id = mine.lead_id
        WHERE mine.campaign_id = ANY(%s))
) touches WHERE campaign_id = ANY(%s) GROUP BY order_id, campaign_id, n
"""
_TYPES = ("bigint", "text", *["bigint"] * 5, *["numeric"] * 3)


@dataclass(frozen=True)
class _Figure:
    """What is counted of the credited orders: where it stands, its key, amount and currency. Words of this file."""

    joined: str
    key: str
    currency: str
    amount: str

    def counted_of(self, seen: str) -> str:
        """The statement, of the rows whose keys the statement `seen` gives; its values come last."""
        return f"""
            WITH credited AS ({_CREDITED}), seen (key) AS ({seen})
            SELECT c.campaign_id, {self.currency}, c.n, c.k, count(*), count(*) FILTER (WHERE c.is_first),
                count(*) FILTER (WHERE c.is_last), sum({self.amount}), sum({self.amount}) FILTER (WHERE c.is_first),
                sum({self.amount}) FILTER (WHERE c.is_last)
            FROM credited c {self.joined} JOIN seen ON seen.key = {self.key}
            GROUP BY c.campaign_id, {self.currency}, c.n, c.k
        """  # noqa: S608


_ORDERS = _Figure(
    joined="JOIN services_serviceorder o ON o.id = c.order_id",
    key="o.id",
    currency="o.currency",
    amount="round(o.price * o.quantity * (100 - o.discount_percent) / 100, 2)",
)
_FLOWS = _Figure(
    joined="JOIN services_survey s ON s.order_id = c.order_id JOIN services_exportflow f ON f.survey_id = s.id",
    key="f.id",
    currency="f.currency",
    amount="f.amount",
)


def _usual_window() -> int:
    """The days that count as long as nobody stored others."""
    return int(CampaignSettings._meta.get_field("window_days").get_default())


def _ask(keys: Sequence[int], figure: _Figure, seen: QuerySet[Any]) -> Part | None:
    try:
        rows, values = seen.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    campaigns = list(keys)
    return Part(figure.counted_of(rows), [_usual_window(), campaigns, campaigns, *values], _TYPES)


def _read(rows: list[tuple[Any, ...]], *, reads_amounts: bool) -> dict[int, Brought]:
    found: dict[int, Brought] = defaultdict(Brought)
    for campaign, currency, n, k, count, first, last, amount, of_first, of_last in rows:
        line = found[campaign]
        line.touched += count
        line.shares.add(first, last, count, k, n)
        if reads_amounts and amount is not None:
            line.amounts[currency].add(of_first, of_last, amount, k, n)
    return found


def ask_orders(user: User, keys: Sequence[int]) -> Part | None:
    """Orders that campaigns touched, without the cancelled ones, of those that the reader may see."""
    return _ask(keys, _ORDERS, ServiceOrder.objects.visible_to(user))


def read_orders(user: User, rows: list[tuple[Any, ...]]) -> dict[int, Brought]:
    """{campaign: its orders}. A sum of prices tells them: who may not read prices counts without amounts."""
    return _read(rows, reads_amounts=may_read(user, ServiceOrder, "price"))


def ask_flows(user: User, keys: Sequence[int]) -> Part | None:
    """Business abroad that companies attested for orders that campaigns touched, as far as the reader may see."""
    return _ask(keys, _FLOWS, ExportFlow.objects.visible_to(user))


def read_flows(user: User, rows: list[tuple[Any, ...]]) -> dict[int, Brought]:
    """{campaign: its business abroad}."""
    return _read(rows, reads_amounts=True)


def credited_orders(campaign: Campaign, credit: str = "") -> RawSQL:
    """The keys of the orders behind a figure: touched by a campaign, first or last."""
    narrowed = {"first": "WHERE is_first", "last": "WHERE is_last"}.get(credit, "")
    return RawSQL(  # noqa: S611  only a word of this file is put into it
        f"SELECT order_id FROM ({_CREDITED}) credited {narrowed}",  # noqa: S608
        [_usual_window(), [campaign.pk], [campaign.pk]],
    )


def _behind(page: str, campaign: Campaign, credit: str) -> str:
    said = {"campaign": str(campaign.pk), "credit": credit}
    return f"{reverse(page)}?{urlencode({name: value for name, value in said.items() if value})}"


def orders_behind(campaign: Campaign, credit: str, channel: str) -> str:
    return _behind("services:orders", campaign, credit)


def flows_behind(campaign: Campaign, credit: str, channel: str) -> str:
    return _behind("services:view_impact", campaign, credit)
