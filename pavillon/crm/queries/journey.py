"""The journey of a company in seven stages, from its first interest to a measured result (ledger JOUR-01).

Every object hangs on one stage: requests on *interest*, exchanges on *qualification*, what a partner's mission brought
on *delivery*; and each room above says in its `panels.py` where its own hang:

    add_stages(tell_stages)          # tell_stages(company, user) -> [StageFacts]

What a reader may not find is neither told nor counted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Model, QuerySet

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.crm.enums import Stage
from pavillon.crm.models import Interaction, Lead, Mission
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady

# Objects of a stage that the bar names, the latest first.
SHOWN = 3


@dataclass(frozen=True)
class Milestone:
    """One object on a stage: when, what, and its page."""

    at: datetime
    title: str
    url: str = ""


@dataclass
class StageFacts:
    """What one room knows of one stage: how many objects, since when, and the latest."""

    stage: Stage
    count: int = 0
    first: datetime | None = None
    latest: list[Milestone] = field(default_factory=list)


@dataclass
class StageLine:
    """One stage of the bar. `state` is "done", "current" (the furthest that was reached) or ""."""

    stage: Stage
    count: int
    first: datetime | None
    latest: list[Milestone]
    state: str = ""

    @property
    def last(self) -> datetime | None:
        return self.latest[0].at if self.latest else None


Teller = Callable[[Company, User], list[StageFacts]]
Rows = Callable[[User, int], QuerySet[Any]]
_tellers: list[Teller] = []


def add_stages(teller: Teller) -> None:
    """A room above says what it knows of the stages of a company."""
    _tellers.append(teller)


def facts_of(
    stage: Stage,
    company: Company,
    user: User,
    rows: Rows,
    moment: str,
    told: Callable[[Any], Milestone],
    *,
    of: type[Model],
) -> StageFacts:
    """Count some rows and tell the latest, by their column `moment`: one statement, two where there are many.

    `rows(user, company's number)` depends on nothing else, and says itself who sees them. `of` is the table without
    whose rows about the company there are none (`directory.queries.traces`).
    """
    if not may_hold(company, of):
        return StageFacts(stage)

    def newest(user: User, number: int) -> QuerySet[Any]:
        return rows(user, number).order_by(f"-{moment}")[: SHOWN + 1]

    found = steady.rows(("journey", stage, rows.__module__, rows.__qualname__), user, newest, company.pk)
    latest = [told(row) for row in found[:SHOWN]]
    if len(found) <= SHOWN:
        return StageFacts(stage, len(found), min((getattr(row, moment) for row in found), default=None), latest)
    counted = rows(user, company.pk).order_by().aggregate(n=Count("pk"), first=Min(moment))
    return StageFacts(stage, counted["n"], counted["first"], latest)


def journey_of(company: Company, user: User) -> list[StageLine]:
    """The seven stages with what the reader may see on each, from a bounded number of statements."""
    facts = [fact for teller in [_tell_relations, *_tellers] for fact in teller(company, user)]
    lines = [_line(stage, [fact for fact in facts if fact.stage == stage]) for stage in Stage]
    reached = [line for line in lines if line.count]
    for line in reached:
        line.state = "done"
    (reached[-1] if reached else lines[0]).state = "current"
    return lines


def _line(stage: Stage, facts: list[StageFacts]) -> StageLine:
    latest = sorted((one for fact in facts for one in fact.latest), key=lambda one: one.at, reverse=True)[:SHOWN]
    first = min((fact.first for fact in facts if fact.first), default=None)
    return StageLine(stage, sum(fact.count for fact in facts), first, latest)


def _leads(user: User, number: int) -> QuerySet[Lead]:
    return Lead.objects.visible_to(user).filter(company=number)


def _exchanges(user: User, number: int) -> QuerySet[Interaction]:
    return Interaction.objects.visible_to(user).filter(company=number)


def _missions(user: User, number: int) -> QuerySet[Mission]:
    rows = Mission.objects.visible_to(user).filter(lead__company=number, reported_at__isnull=False)
    return rows.select_related("partner")


def _tell_relations(company: Company, user: User) -> list[StageFacts]:
    links = is_allowed(user, "crm.view_lead", None)

    def asked(lead: Lead) -> Milestone:
        return Milestone(lead.received_at, lead.title, lead.get_absolute_url() if links else "")

    return [
        facts_of(Stage.INTEREST, company, user, _leads, "received_at", asked, of=Lead),
        facts_of(
            Stage.QUALIFICATION,
            company,
            user,
            _exchanges,
            "happened_at",
            lambda exchange: Milestone(exchange.happened_at, str(exchange.get_kind_display())),
            of=Interaction,
        ),
        facts_of(
            Stage.DELIVERY,
            company,
            user,
            _missions,
            "reported_at",
            lambda mission: Milestone(mission.reported_at, str(mission.partner), mission.get_absolute_url()),
            of=Lead,
        ),
    ]
