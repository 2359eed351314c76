"""What marketing has in hand: segments, target lists, sources of prospects with their licences, answers received."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.campaigns.enums import Attribution, Phase
from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.returns import Figures, reads_money, returns_of
from pavillon.crm.enums import InteractionKind, InteractionOutcome
from pavillon.crm.models import Interaction
from pavillon.crm.queries.channels import Brought, what_channels_bring
from pavillon.directory.models import SourceRecord
from pavillon.intake.models import ProspectTerms
from pavillon.intake.queries.prospects import days_left
from pavillon.segments.models import Segment, TargetList, TargetRow

# Days over which answers and channels are counted, and within which an end of licence is told.
PERIOD, SOON = 90, 60
# Lines of each table.
SHOWN = 8
REACHING = (InteractionKind.CALL, InteractionKind.MAIL, InteractionKind.VISIT)
INTERESTED = (InteractionOutcome.POSITIVE, InteractionOutcome.TO_FOLLOW)


def percent(part: int, whole: int) -> int | None:
    """A share in percent, None of nothing."""
    return round(100 * part / whole) if whole else None


@dataclass(frozen=True)
class Answered:
    """How people answered one way of reaching them: `answered` of those tried, `interested` of those who answered."""

    label: str
    tried: int
    answered: int
    interested: int

    @property
    def answer_percent(self) -> int | None:
        return percent(self.answered, self.tried)

    @property
    def interest_percent(self) -> int | None:
        return percent(self.interested, self.answered)


@dataclass(frozen=True)
class Targeted:
    """A published target list: companies that an exchange reached since, and those that were interested."""

    target_list: TargetList
    size: int
    reached: int
    interested: int

    @property
    def reach_percent(self) -> int | None:
        return percent(self.reached, self.size)

    @property
    def response_percent(self) -> int | None:
        return percent(self.interested, self.reached)


@dataclass(frozen=True)
class Supplied:
    """A source of prospects: how many companies and people it brought, for what, until when."""

    terms: ProspectTerms
    records: int
    days_left: int | None

    @property
    def cost_each(self) -> Decimal | None:
        if self.terms.cost is None or not self.records:
            return None
        return (self.terms.cost / self.records).quantize(Decimal("0.01"))

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= SOON


def answers(user: User) -> list[Answered]:
    """Of exchanges that the reader may find, by way of reaching people, over the period. One statement."""
    since = timezone.now() - datetime.timedelta(days=PERIOD)
    rows = (
        Interaction.objects.visible_to(user)
        .filter(happened_at__gte=since, kind__in=REACHING)
        .exclude(outcome="")
        .order_by()
        .values("kind")
        .annotate(
            tried=Count("pk"),
            answered=Count("pk", filter=~Q(outcome=InteractionOutcome.NO_ANSWER)),
            interested=Count("pk", filter=Q(outcome__in=INTERESTED)),
        )
    )
    told = {row["kind"]: row for row in rows}
    return [
        Answered(str(kind.label), told[kind]["tried"], told[kind]["answered"], told[kind]["interested"])
        for kind in REACHING
        if kind in told
    ]


def targeted(user: User) -> list[Targeted]:
    """The latest published lists that the reader may open, with what exchanges made of them. Two statements."""
    lists = list(
        TargetList.objects.visible_to(user).filter(published_at__isnull=False).order_by("-published_at")[:SHOWN]
    )
    since = Interaction.objects.visible_to(user).filter(
        company=OuterRef("company"), happened_at__gte=OuterRef("target_list__published_at")
    )
    rows = (
        TargetRow.objects.filter(target_list__in=lists)
        .annotate(is_reached=Exists(since), is_interested=Exists(since.filter(outcome__in=INTERESTED)))
        .order_by()
        .values("target_list")
        .annotate(
            size=Count("pk"),
            reached=Count("pk", filter=Q(is_reached=True)),
            interested=Count("pk", filter=Q(is_interested=True)),
        )
    )
    told = {row["target_list"]: (row["size"], row["reached"], row["interested"]) for row in rows}
    return [Targeted(one, *told.get(one.pk, (0, 0, 0))) for one in lists]


def supplied(user: User) -> list[Supplied]:
    """Sources of prospects, those whose licence is over or ends first before the others. Two statements."""
    terms = list(
        ProspectTerms.objects.visible_to(user)
        .select_related("source")
        .order_by(F("licence_ends_on").asc(nulls_last=True), "pk")[:SHOWN]
    )
    counts = SourceRecord.objects.filter(source__in=[one.source_id for one in terms]).order_by().values("source")
    records = dict(counts.annotate(n=Count("pk")).values_list("source", "n"))
    return [Supplied(one, records.get(one.source_id, 0), days_left(one)) for one in terms]


def running(user: User) -> list[Figures]:
    """Campaigns that run, with what they cost and brought, every touch counted. Five statements."""
    rows = Campaign.objects.visible_to(user).at(Phase.RUNNING).select_related("organisation", "region")
    found = returns_of(list(rows.order_by("ends_on", "pk")[:SHOWN]), user)
    return [one.figures(Attribution.COMBINED) for one in found]


def marketing_of(user: User) -> dict[str, Any]:
    """Everything that the home page of marketing shows. Less than twenty statements, whatever the size of the base."""
    today = timezone.localdate()
    segments = Segment.objects.visible_to(user).select_related("owner")
    terms = ProspectTerms.objects.visible_to(user)
    soon = today + datetime.timedelta(days=SOON)
    channels: list[Brought] = what_channels_bring(user, today - datetime.timedelta(days=PERIOD), today)
    reached = answers(user)
    tried, answered = sum(one.tried for one in reached), sum(one.answered for one in reached)
    return {
        "segments": list(segments.order_by(F("refreshed_at").desc(nulls_last=True), "pk")[:SHOWN]),
        "segment_count": segments.order_by().count(),
        "campaigns": running(user),
        "reads_money": reads_money(user),
        "targets": targeted(user),
        "target_count": TargetList.objects.visible_to(user).filter(published_at__isnull=False).count(),
        "sources": supplied(user),
        "ending": terms.filter(licence_ends_on__gte=today, licence_ends_on__lte=soon).count(),
        "over": terms.expired().count(),
        "spent": terms.aggregate(cost=Sum("cost"))["cost"],
        "answers": reached,
        "answer_percent": percent(answered, tried),
        "tried": tried,
        "channels": [one for one in channels if one.received or one.cost is not None][:SHOWN],
        "period": PERIOD,
        "soon": SOON,
    }
