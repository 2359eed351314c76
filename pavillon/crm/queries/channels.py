"""What each channel brings and costs: requests by origin and by network or campaign, over a period."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from pavillon.accounts.models import User
from pavillon.crm.enums import LeadState, Origin, Outcome
from pavillon.crm.models import ChannelCost, Lead
from pavillon.crm.queries.clock import TEAM_ZONE

CENT = Decimal("0.01")


@dataclass
class Brought:
    """What one channel, or one network or campaign of it, brought between two days. `cost` in euros, None when unsaid.

    `accompanied` are requests closed because the company is accompanied.
    """

    label: str
    origin: str = ""
    received: int = 0
    taken: int = 0
    accompanied: int = 0
    cost: Decimal | None = None
    parts: list["Brought"] = field(default_factory=list)

    @property
    def cost_each(self) -> Decimal | None:
        """Cost of one request, None without cost or without request."""
        return (self.cost / self.received).quantize(CENT) if self.cost is not None and self.received else None

    def add(self, other: "Brought") -> None:
        self.received += other.received
        self.taken += other.taken
        self.accompanied += other.accompanied
        if other.cost is not None:
            self.cost = (self.cost or Decimal()) + other.cost


def what_channels_bring(user: User, since: datetime.date, until: datetime.date) -> list[Brought]:
    """Channels that brought or cost something between two days (both included, in the team's time): two statements.

    Requests are those that the reader may see, by the channel that first touched the company. A cost that was spent
    over a longer time counts by its days.
    """
    lines: dict[tuple[str, str], Brought] = defaultdict(lambda: Brought(""))
    for row in _received(user, since, until):
        line = lines[row["origin"], row["touches__detail"]]
        line.received, line.taken, line.accompanied = row["received"], row["taken"], row["accompanied"]
    for cost in ChannelCost.objects.visible_to(user).touching(since, until):
        line = lines[cost.origin, cost.detail]
        line.cost = (line.cost or Decimal()) + share(cost, since, until)
    channels: dict[str, Brought] = {}
    for (origin, detail), line in sorted(lines.items(), key=lambda item: (-item[1].received, item[0])):
        channel = channels.setdefault(origin, Brought(str(Origin(origin).label), origin))
        channel.add(line)
        line.label, line.origin = detail, origin
        if detail:
            channel.parts.append(line)
    return sorted(channels.values(), key=lambda channel: (-channel.received, channel.label))


def share(cost: ChannelCost, since: datetime.date, until: datetime.date) -> Decimal:
    """The part of a cost that falls between two days: by days, to the cent."""
    days = (cost.ends_on - cost.starts_on).days + 1
    within = (min(cost.ends_on, until) - max(cost.starts_on, since)).days + 1
    return (cost.cost * within / days).quantize(CENT)


def _received(user: User, since: datetime.date, until: datetime.date) -> list[dict[str, Any]]:
    first = datetime.datetime.combine(since, datetime.time.min, TEAM_ZONE)
    after = datetime.datetime.combine(until + datetime.timedelta(days=1), datetime.time.min, TEAM_ZONE)
    seen = Lead.objects.visible_to(user).order_by().values("pk")
    rows = (
        Lead.objects.filter(pk__in=seen, received_at__gte=first, received_at__lt=after, touches__is_first=True)
        .order_by()
        .values("origin", "touches__detail")
        .annotate(
            received=Count("pk"),
            taken=Count("pk", filter=Q(taken_at__isnull=False)),
            accompanied=Count("pk", filter=Q(state=LeadState.CLOSED, outcome=Outcome.ACCOMPANIED)),
        )
    )
    return [dict(row) for row in rows]


def costs_noted(user: User, since: datetime.date, until: datetime.date) -> list[ChannelCost]:
    return list(ChannelCost.objects.visible_to(user).touching(since, until).select_related("noted_by"))
