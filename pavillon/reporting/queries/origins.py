"""Where requests come from: the channel that first brought each, and what prompted those that came by no own will."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When

from pavillon.campaigns.models import Campaign
from pavillon.crm.enums import Origin
from pavillon.crm.models import Lead, LeadTouch
from pavillon.reporting.queries.funnel import Scope, leads_of


@dataclass
class OriginRow:
    """One channel: requests that came by themselves, those that something prompted, and its share in whole percents."""

    code: str
    spontaneous: int = 0
    prompted: int = 0
    share: int = 0

    @property
    def label(self) -> str:
        return str(Origin(self.code).label)

    @property
    def total(self) -> int:
        return self.spontaneous + self.prompted


@dataclass
class Prompt:
    """A campaign, an event, a visit: its name, how many requests it prompted, and by which channels they came."""

    name: str
    is_campaign: bool = False
    count: int = 0
    origins: set[str] = field(default_factory=set)

    @property
    def channels(self) -> str:
        return ", ".join(str(origin.label) for origin in Origin if origin in self.origins)


# What prompted requests, as many as a page shows.
MOST = 30


@dataclass
class OriginTable:
    """`rows` and `prompts` from the largest; beyond `MOST` prompts, how many more."""

    rows: list[OriginRow] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    other_prompts: int = 0

    @property
    def spontaneous(self) -> int:
        return sum(row.spontaneous for row in self.rows)

    @property
    def prompted(self) -> int:
        return sum(row.prompted for row in self.rows)

    @property
    def total(self) -> int:
        return self.spontaneous + self.prompted


def with_prompt(leads: QuerySet[Lead], scope: Scope) -> QuerySet[Any, Any]:
    """Requests with the name of the `campaign` that prompted each, where the scope's reader finds it."""
    campaigns = LeadTouch.objects.filter(
        lead=OuterRef("pk"), is_first=True, campaign__in=scope.counted(Campaign).order_by().values("pk")
    )
    return leads.annotate(
        campaign=Case(When(is_spontaneous=False, then=Subquery(campaigns.values("campaign__name")[:1])))
    )


def prompted_by(leads: QuerySet[Lead], scope: Scope, name: str, *, is_campaign: bool) -> QuerySet[Any, Any]:
    """Those that one line of `OriginTable.prompts` counts."""
    rows = with_prompt(leads.filter(is_spontaneous=False), scope)
    return rows.filter(campaign=name) if is_campaign else rows.filter(campaign=None, prompted_by=name)


def prompted_otherwise(leads: QuerySet[Lead], scope: Scope) -> QuerySet[Any, Any]:
    """Those that `OriginTable.other_prompts` counts: what prompted them is none of the lines that the page shows."""
    shown = by_origin(scope).prompts
    campaigns = [prompt.name for prompt in shown if prompt.is_campaign]
    words = [prompt.name for prompt in shown if not prompt.is_campaign]
    rows = with_prompt(leads.filter(is_spontaneous=False), scope)
    by_campaign = Q(campaign__isnull=False) & ~Q(campaign__in=campaigns)
    return rows.filter(by_campaign | Q(campaign__isnull=True) & ~Q(prompted_by__in=words))


def by_origin(scope: Scope) -> OriginTable:
    """Requests received in the scope, each once, by the origin that no later touch changes. One statement.
    What prompted a request is told by the name of the campaign that its first touch points to, where the reader finds
    it, else by the words of who wrote the request down. Shares are rounded so that they add up to 100 %: the largest
    remainders get what is left.
    """
    counted = (
        with_prompt(leads_of(scope), scope)
        .order_by()
        .values_list("origin", "is_spontaneous", "prompted_by", "campaign")
        .annotate(n=Count("pk"))
    )
    rows: dict[str, OriginRow] = {}
    prompts: dict[tuple[str, bool], Prompt] = {}
    for origin, is_spontaneous, prompted_by, campaign, n in counted:
        row = rows.setdefault(origin, OriginRow(origin))
        if is_spontaneous:
            row.spontaneous += n
        else:
            row.prompted += n
            key = (campaign or prompted_by, bool(campaign))
            prompt = prompts.setdefault(key, Prompt(*key))
            prompt.count += n
            prompt.origins.add(origin)
    table = OriginTable(
        sorted(rows.values(), key=lambda row: (-row.total, row.code)),
        sorted(prompts.values(), key=lambda prompt: (-prompt.count, prompt.name, prompt.is_campaign))[:MOST],
    )
    # Each offer that a company accepted is a prompt of its own: they are many.
    table.other_prompts = table.prompted - sum(prompt.count for prompt in table.prompts)
    _share_out(table)
    return table


def _share_out(table: OriginTable) -> None:
    for row in table.rows:
        row.share = row.total * 100 // table.total
    left = 100 - sum(row.share for row in table.rows)
    for row in sorted(table.rows, key=lambda row: -(row.total * 100 % table.total))[:left]:
        row.share += 1
