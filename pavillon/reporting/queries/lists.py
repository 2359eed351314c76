"""The lists behind the figures of the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Network
from pavillon.crm.enums import Origin
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.reporting.enums import Stage
from pavillon.reporting.queries.funnel import Scope, enquiries_of, leads_of, views_of
from pavillon.reporting.queries.networks import IN_HAND, NOBODY, columns_of, with_column
from pavillon.reporting.queries.origins import prompted_by, prompted_otherwise
from pavillon.showroom.models import Product

SHOWN = 500
INTERESTS = ("spontaneous", "prompted")
# A network as an address says it, and its column.
NETWORKS = {"ci": Network.CI.value, "cai": Network.CAI.value, "other": Network.NONE.value, NOBODY: NOBODY}
# What an address may say besides the scope.
NARROWS = ("origin", "interest", "prompt", "campaign", "other_prompts", "network", "in_hand")


@dataclass(frozen=True)
class Narrower:
    """What the requests behind a figure are narrowed to, as the tables of origins, prompts and networks tell them.

    What says nothing narrows nothing."""

    origin: str = ""
    interest: str = ""
    prompt: str = ""
    # Whether `prompt` is the name of a campaign, not somebody's words.
    is_campaign: bool = False
    # Whether something else prompted them than the lines of the table name.
    is_otherwise: bool = False
    network: str = ""
    is_in_hand: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Narrower":
        """From the address of a list; what no table has is left out."""
        origin, interest, network = (asked.get(name, "") for name in ("origin", "interest", "network"))
        return cls(
            origin if origin in Origin else "",
            interest if interest in INTERESTS else "",
            asked.get("prompt", "").replace("\0", ""),
            asked.get("campaign") == "1",
            asked.get("other_prompts") == "1",
            network if network in NETWORKS else "",
            asked.get("in_hand") == "1",
        )

    def of(self, leads: QuerySet[Lead], scope: Scope) -> QuerySet[Any, Any]:
        if self.origin:
            leads = leads.filter(origin=self.origin)
        if self.interest:
            leads = leads.filter(is_spontaneous=self.interest == "spontaneous")
        if self.is_in_hand:
            leads = leads.filter(state__in=IN_HAND)
        if self.prompt:
            leads = prompted_by(leads, scope, self.prompt, is_campaign=self.is_campaign)
        if self.is_otherwise:
            leads = prompted_otherwise(leads, scope)
        return with_column(leads).filter(column=NETWORKS[self.network]) if self.network else leads

    @property
    def words(self) -> list[str]:
        """What the page says of it."""
        interests = {"spontaneous": _("Spontaneous"), "prompted": _("Prompted")}
        said = [
            str(Origin(self.origin).label) if self.origin else "",
            interests.get(self.interest, ""),
            self.prompt,
            _("Prompted by something else") if self.is_otherwise else "",
            columns_of()[NETWORKS[self.network]] if self.network else "",
            _("In hand now") if self.is_in_hand else "",
        ]
        return [word for word in said if word]


EVERYTHING = Narrower()


def rows_behind(stage: Stage, scope: Scope, narrower: Narrower = EVERYTHING) -> tuple[Any, int]:
    """The rows that a figure counts, newest or most viewed first, at most 500; and how many there are in all.

    They are those that count for the scope's reader; of an enquiry they show that it exists, its state and delay,
    never its words. `narrower` is about requests only.
    """
    if stage is Stage.VIEWS:
        return _views(scope)
    if stage is Stage.ENQUIRIES:
        wanted = enquiries_of(scope)
        newest = wanted.select_related("shop__company", "product", "country").order_by("-sent_at", "-pk")
        return newest[:SHOWN], wanted.count()
    leads = leads_of(scope)
    leads = narrower.of(leads.filter(taken_at__isnull=False) if stage is Stage.TAKEN else leads, scope)
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
