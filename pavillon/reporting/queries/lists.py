"""The lists behind the figures of the dashboard."""

from typing import Any

from pavillon.crm.enums import Origin
from pavillon.directory.models import Company
from pavillon.reporting.enums import Stage
from pavillon.reporting.queries.funnel import Scope, enquiries_of, leads_of, views_of
from pavillon.showroom.models import Product

SHOWN = 500
INTERESTS = ("spontaneous", "prompted")


def rows_behind(stage: Stage, scope: Scope, *, origin: str = "", interest: str = "") -> tuple[Any, int]:
    """The rows that a figure counts, newest or most viewed first, at most 500; and how many there are in all.

    They are those that count for the scope's reader; of an enquiry they show that it exists, its state and delay,
    never its words. Requests may be narrowed to an origin, and to those that came of themselves or that something
    prompted, as the table of origins tells them apart.
    """
    if stage is Stage.VIEWS:
        return _views(scope)
    if stage is Stage.ENQUIRIES:
        wanted = enquiries_of(scope)
        newest = wanted.select_related("shop__company", "product", "country").order_by("-sent_at", "-pk")
        return newest[:SHOWN], wanted.count()
    leads = leads_of(scope)
    leads = leads.filter(taken_at__isnull=False) if stage is Stage.TAKEN else leads
    leads = leads.filter(origin=origin) if origin in Origin else leads
    leads = leads.filter(is_spontaneous=interest == "spontaneous") if interest in INTERESTS else leads
    rows = leads.select_related("company", "adviser", "region").order_by("-received_at", "-pk")
    return rows[:SHOWN], leads.count()


def _views(scope: Scope) -> tuple[list[dict[str, Any]], int]:
    """Views day by day for each page."""
    kinds = {"showroom.product_viewed": Product, "showroom.shop_viewed": None}
    rows = views_of(scope, by=["day", "kind", "subject", "company", "vertical"])
    products = {r["subject"] for r in rows if kinds.get(r["kind"])}
    names = {p.pk: p.name for p in Product.objects.filter(pk__in=products)}
    companies = dict(Company.objects.filter(pk__in={r["company"] for r in rows}).values_list("pk", "name"))
    for row in rows:
        row["company_name"] = companies.get(row["company"], "")
        row["product"] = names.get(row["subject"], "") if row["kind"] == "showroom.product_viewed" else ""
    rows.sort(key=lambda row: (row["day"], row["count"]), reverse=True)
    return rows[:SHOWN], sum(row["count"] for row in rows)
