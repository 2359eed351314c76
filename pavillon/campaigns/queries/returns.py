"""What campaigns cost and what they brought, however many campaigns, in one statement.

This room knows the costs. Requests, orders and export flows are told by the rooms above (`add_figures`), each with the
list that stands behind its figure. Shares are exact fractions; they are rounded where they are shown, and say so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from pavillon.accounts.models import User
from pavillon.campaigns.enums import Attribution, Channel
from pavillon.campaigns.models import Campaign, CampaignCost, CampaignSettings
from pavillon.core.policy import may_read
from pavillon.ui import together
from pavillon.ui.together import Part

CENT = Decimal("0.01")
ZERO = Fraction(0)


@dataclass(frozen=True)
class Told:
    """An exact figure and how it is shown: to the hundredth, with the exact fraction beside it when that rounds."""

    exact: Fraction

    @property
    def value(self) -> Decimal:
        return decimal_of(self.exact, CENT)

    @property
    def is_rounded(self) -> bool:
        return Fraction(self.value) != self.exact


def decimal_of(exact: Fraction, step: Decimal) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(step)


@dataclass
class Shares:
    """What one campaign may claim of something, by each way of attributing it."""

    first: Fraction = ZERO
    last: Fraction = ZERO
    combined: Fraction = ZERO

    def by(self, attribution: str) -> Fraction:
        return Fraction(getattr(self, attribution))

    def add(self, first: Any, last: Any, whole: Any, touches: int, of: int) -> None:
        """`whole` was touched `touches` times by the campaign, of `of` touches in all."""
        self.first += Fraction(first or 0)
        self.last += Fraction(last or 0)
        self.combined += Fraction(whole or 0) * touches / of


@dataclass
class Brought:
    """Requests, orders or flows of one campaign: how many it touched, its shares of them, their amounts by currency."""

    touched: int = 0
    shares: Shares = field(default_factory=Shares)
    amounts: dict[str, Shares] = field(default_factory=lambda: defaultdict(Shares))
    channels: dict[str, "Brought"] = field(default_factory=dict)

    def part(self, channel: str) -> "Brought":
        return self.channels.setdefault(channel, Brought())


# What a room asks of the campaigns with these keys, as far as the person may see it; None when there can be nothing.
Ask = Callable[[User, Sequence[int]], Part | None]
# {campaign: what it brought}, of the rows that answer.
Read = Callable[[User, list[tuple[Any, ...]]], dict[int, Brought]]
# The list behind a figure: of a campaign, by an attribution ("" for all that it touched), of one channel or all ("").
Address = Callable[[Campaign, str, str], str]
_figures: dict[str, tuple[Ask, Read, Address]] = {}


def add_figures(what: str, ask: Ask, read: Read, address: Address) -> None:
    """Let a room above tell "requests", "orders" or "flows"; all rooms are asked in one statement."""
    _figures[what] = (ask, read, address)


@dataclass
class Cost:
    """What one campaign, or a channel of it, was to cost and did; `untold` lines have no amount spent yet."""

    planned: Decimal = Decimal()
    spent: Decimal | None = None
    lines: int = 0
    untold: int = 0

    def add(self, planned: Decimal, spent: Decimal | None, lines: int, untold: int) -> None:
        self.planned += planned
        self.lines += lines
        self.untold += untold
        if spent is not None:
            self.spent = (self.spent or Decimal()) + spent


@dataclass
class Return:
    """One campaign with its costs and what it brought."""

    campaign: Campaign
    cost: Cost
    by_channel: dict[str, Cost]
    brought: dict[str, Brought]

    def of(self, what: str) -> Brought:
        return self.brought.get(what) or Brought()

    def figures(self, attribution: str) -> "Figures":
        return Figures(self, attribution)


@dataclass(frozen=True)
class Figures:
    """The figures of one campaign by one way of attributing; None where there is nothing to divide (by)."""

    told: Return
    attribution: str

    @property
    def campaign(self) -> Campaign:
        return self.told.campaign

    @property
    def cost(self) -> Cost:
        return self.told.cost

    @property
    def label(self) -> str:
        return str(Attribution(self.attribution).label)

    def _count(self, what: str) -> Told:
        return Told(self.told.of(what).shares.by(self.attribution))

    def _amounts(self, what: str) -> list[tuple[str, Told]]:
        found = self.told.of(what).amounts
        return [(currency, Told(found[currency].by(self.attribution))) for currency in sorted(found)]

    def _each(self, what: str) -> Told | None:
        many, spent = self._count(what).exact, self.cost.spent
        return Told(Fraction(spent) / many) if many and spent is not None else None

    @property
    def requests(self) -> Told:
        return self._count("requests")

    @property
    def orders(self) -> Told:
        return self._count("orders")

    @property
    def flows(self) -> Told:
        return self._count("flows")

    @property
    def order_amounts(self) -> list[tuple[str, Told]]:
        return [(currency, told) for currency, told in self._amounts("orders") if told.exact]

    @property
    def flow_amounts(self) -> list[tuple[str, Told]]:
        return [(currency, told) for currency, told in self._amounts("flows") if told.exact]

    @property
    def cost_per_request(self) -> Told | None:
        return self._each("requests")

    @property
    def cost_per_order(self) -> Told | None:
        return self._each("orders")

    @property
    def value(self) -> Told | None:
        """Business abroad attested in the currency of the campaign; other currencies are told apart, never added."""
        amounts = dict(self._amounts("flows"))
        return amounts.get(self.campaign.currency)

    @property
    def value_per_unit(self) -> Told | None:
        """Attested value for one unit of money spent, in the campaign's currency."""
        if self.value is None or not self.cost.spent:
            return None
        return Told(self.value.exact / Fraction(self.cost.spent))

    def behind(self, what: str) -> str:
        """The address of the list that a figure counts."""
        return behind(self.campaign, what, self.attribution)

    @property
    def requests_url(self) -> str:
        return self.behind("requests")

    @property
    def orders_url(self) -> str:
        return self.behind("orders")

    @property
    def flows_url(self) -> str:
        return self.behind("flows")


@dataclass(frozen=True)
class ChannelLine:
    """One channel of a campaign: what it cost, the requests that it touched and its shares of them."""

    label: str
    cost: Cost
    touched: int
    touched_url: str
    first: Told
    first_url: str
    last: Told
    last_url: str
    combined: Told
    combined_url: str
    cost_per_request: Told | None


def behind(campaign: Campaign, what: str, attribution: str = "", channel: str = "") -> str:
    if what not in _figures:
        return ""
    # Every touch has its share of the combined count: its list is that of all that was touched.
    asked = "" if attribution == Attribution.COMBINED else attribution
    return _figures[what][2](campaign, asked, channel)


def reads_money(user: User) -> bool:
    """Whether costs are told at all: one amount alone would be half a truth, and the return is made of both."""
    return may_read(user, CampaignCost, "planned") and may_read(user, CampaignCost, "spent")


def _costs_of(keys: Iterable[int], user: User) -> QuerySet[CampaignCost, Any]:
    """(campaign, channel, amounts and lines) of what the reader may see; nothing where money is closed."""
    costs = CampaignCost.objects.visible_to(user).filter(campaign__in=list(keys))
    return (
        (costs if reads_money(user) else costs.none())
        .order_by()
        .values_list("campaign", "channel")
        .annotate(
            all_planned=Sum("planned"),
            all_spent=Sum("spent"),
            lines=Count("pk"),
            untold=Count("pk", filter=Q(spent__isnull=True)),
        )
    )


def returns_of(campaigns: Sequence[Campaign], user: User) -> list[Return]:
    """Costs and returns, in the order given; one statement."""
    return returns_and_settings(campaigns, user)[0]


def returns_and_settings(campaigns: Sequence[Campaign], user: User) -> tuple[list[Return], CampaignSettings]:
    """The same, and the settings of campaigns as `present_settings` says them; one statement, whatever rooms tell."""
    keys = [campaign.pk for campaign in campaigns]
    parts = {what: ask(user, keys) if keys else None for what, (ask, _read, _address) in _figures.items()}
    asked = {what: part for what, part in parts.items() if part is not None}
    rows = together.ask(costs=_costs_of(keys, user), settings=CampaignSettings.objects.filter(pk=1), **asked)
    costs: dict[int, dict[str, Cost]] = defaultdict(dict)
    for key, channel, *amounts in rows["costs"]:
        costs[key][channel] = Cost(*amounts)
    told = {what: _figures[what][1](user, rows[what]) for what in asked}
    settings = next(iter(rows["settings"]), None) or CampaignSettings(pk=1)
    lines = []
    for campaign in campaigns:
        by_channel = costs.get(campaign.pk, {})
        whole = Cost()
        for one in by_channel.values():
            whole.add(one.planned, one.spent, one.lines, one.untold)
        brought = {what: found[campaign.pk] for what, found in told.items() if campaign.pk in found}
        lines.append(Return(campaign, whole, by_channel, brought))
    return lines, settings


def channel_lines(told: Return) -> list[ChannelLine]:
    """The channels that cost or brought something, in the order of `Channel`."""
    requests = told.of("requests")
    lines = []
    for channel in Channel:
        cost, part = told.by_channel.get(channel), requests.channels.get(channel)
        if cost is None and part is None:
            continue
        cost, part = cost or Cost(), part or Brought()
        each = None
        if cost.spent is not None and part.shares.combined:
            each = Told(Fraction(cost.spent) / part.shares.combined)
        lines.append(
            ChannelLine(
                str(channel.label), cost, part.touched, behind(told.campaign, "requests", "", channel),
                Told(part.shares.first), behind(told.campaign, "requests", "first", channel), Told(part.shares.last),
                behind(told.campaign, "requests", "last", channel), Told(part.shares.combined),
                behind(told.campaign, "requests", Attribution.COMBINED, channel), each,
            )
        )  # fmt: skip
    return lines
