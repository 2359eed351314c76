"""Where would the requests of a past month have gone, by the rules as they are now, or by a draft?"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.enums import Step
from pavillon.crm.models import Absence, Capacity, Lead, LeadSettings, LeadStep, Referent, RoutingRule, RoutingVersion
from pavillon.crm.models.reasons import tell
from pavillon.crm.queries.routing import Asked, Board, Load, Route, choose_route, rules_in_force
from pavillon.directory.models import Company

# Beyond, the page would make its reader wait; a month of a whole country stays below.
AT_MOST = 3_000


@dataclass(frozen=True)
class Line:
    """One request: where it went at first, where the rules in force would send it, and where the tried ones would.

    `before` is `route` when the rules in force themselves are tried.
    """

    lead: Lead
    happened: User | None
    before: Route
    route: Route

    @property
    def is_decided_otherwise(self) -> bool:
        """Another rule decides, or another team gets it; a mere change of turn within a team is none."""
        return _rule_of(self.before) != _rule_of(self.route) or self.before.team != self.route.team

    @property
    def is_other_turn(self) -> bool:
        """Only the person differs: the requests that moved changed the others' loads."""
        return not self.is_decided_otherwise and self.before.adviser != self.route.adviser

    @property
    def left_its_team(self) -> bool:
        return self.route.team is None or self.route.team.pk != self.lead.team_id

    @property
    def why(self) -> str:
        """The reasons as one text in the reader's language."""
        return " ".join(tell(reason) for reason in self.route.reasons)


def _rule_of(route: Route) -> str:
    """Rules of two versions are the same when they have the same name."""
    return route.rule.name if route.rule else ""


@dataclass(frozen=True)
class Share:
    """How many requests somebody got: in fact, by the rules in force, by those tried."""

    name: str
    happened: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class RuleUse:
    """One rule that is tried, and how many requests it decided; None is “no rule”: referent, region, manager."""

    rule: RoutingRule | None
    before: int
    after: int


@dataclass(frozen=True)
class Simulation:
    """Every request of the period and the counts; `is_cut` when there were more than `AT_MOST`."""

    since: datetime.date
    until: datetime.date
    lines: list[Line]
    by_rule: list[RuleUse]
    by_team: list[Share]
    by_adviser: list[Share]
    is_cut: bool

    @property
    def moved(self) -> int:
        """Requests that would go to another team than the one that has them."""
        return sum(line.left_its_team for line in self.lines)

    @property
    def changed(self) -> list[Line]:
        """What the draft decides otherwise, latest first."""
        return [line for line in reversed(self.lines) if line.is_decided_otherwise]

    @property
    def other_turns(self) -> int:
        return sum(line.is_other_turn for line in self.lines)


class Rehearsal(Board):
    """The board of a past period: loads start empty and grow with each request that the rehearsal gives."""

    def __init__(self, settings: LeadSettings, rules: list[RoutingRule], companies: Iterable[int]) -> None:
        super().__init__(settings, rules)
        self._given: Counter[int] = Counter()
        self._last: dict[int, datetime.datetime] = {}
        self._capacities = dict(Capacity.objects.values_list("adviser_id", "open_leads"))
        self._absences = list(Absence.objects.values_list("person_id", "starts_on", "ends_on"))
        self._referents: dict[int, list[Referent]] = defaultdict(list)
        for referent in Referent.objects.filter(company__in=companies).select_related("adviser", "organisation"):
            self._referents[referent.company_id].append(referent)

    def absent(self, day: datetime.date) -> dict[int, datetime.date]:
        return {person: end for person, start, end in self._absences if start <= day <= end}

    def referent(self, company: Company, day: datetime.date) -> Referent | None:
        standing = (
            referent
            for referent in self._referents[company.pk]
            if referent.starts_on <= day and (referent.ends_on is None or referent.ends_on >= day)
        )
        return next(standing, None)

    def loads(self, people: Iterable[User]) -> dict[int, Load]:
        return {
            person.pk: Load(
                self._given[person.pk],
                self._capacities.get(person.pk, self.settings.capacity),
                self._last.get(person.pk),
            )
            for person in people
        }

    def give(self, person: User | None, at: datetime.datetime) -> None:
        if person is not None:
            self._given[person.pk] += 1
            self._last[person.pk] = at


def simulate_routing(leads: QuerySet[Lead], *, draft: RoutingVersion | None = None, days: int = 30) -> Simulation:
    """Route again, in memory, the requests of the last `days` days among `leads`; nothing is written.

    Twice when a draft is given: by the rules in force and by the draft, from the same empty desks, so that the
    difference is the draft's. Workload is rehearsed: it shows how rules share out, not who would have been free that
    day. What a file brought was never routed and is left out. A bounded number of statements, whatever the month.
    """
    now = timezone.now()
    since = now - datetime.timedelta(days=days)
    assigned = LeadStep.objects.filter(step=Step.ASSIGNED).order_by("at", "pk")
    rows = list(
        leads.filter(received_at__gte=since)
        .exclude(routing__contains=[{"code": "brought"}])
        .select_related("company__commune", "team", "region")
        .prefetch_related(Prefetch("steps", assigned, to_attr="given_to"))
        .order_by("received_at", "pk")[: AT_MOST + 1]
    )
    happened = User.objects.in_bulk({lead.given_to[0].adviser_id for lead in rows if lead.given_to})
    settings = LeadSettings.objects.filter(pk=1).first() or LeadSettings(pk=1)
    companies = {lead.company_id for lead in rows if lead.company_id}
    in_force = rules_in_force()
    tried = in_force if draft is None else rules_in_force(draft)
    before = _rehearsed(rows[:AT_MOST], Rehearsal(settings, in_force, companies))
    after = before if draft is None else _rehearsed(rows[:AT_MOST], Rehearsal(settings, tried, companies))
    lines = [
        Line(lead, happened.get(lead.given_to[0].adviser_id) if lead.given_to else None, one, other)
        for lead, one, other in zip(rows[:AT_MOST], before, after, strict=True)
    ]
    return Simulation(
        since=timezone.localdate(since),
        until=timezone.localdate(now),
        lines=lines,
        by_rule=_uses(lines, tried),
        by_team=_shares(
            lines, lambda line: line.lead.team, lambda line: line.before.team, lambda line: line.route.team
        ),
        by_adviser=_shares(
            lines, lambda line: line.happened, lambda line: line.before.adviser, lambda line: line.route.adviser
        ),
        is_cut=len(rows) > AT_MOST,
    )


def _rehearsed(leads: Sequence[Lead], board: Rehearsal) -> list[Route]:
    """Every request routed in the order in which it came, each adding to the load of whoever gets it."""
    routes = []
    for lead in leads:
        asked = Asked(lead.company, lead.region_id, lead.sector_id, lead.country_id, lead.kind, lead.origin)
        route = choose_route(asked, day=timezone.localdate(lead.received_at), board=board)
        board.give(route.adviser, lead.received_at)
        routes.append(route)
    return routes


def _uses(lines: list[Line], tried: list[RoutingRule]) -> list[RuleUse]:
    """Every rule that is tried, those that decided nothing too; then what no rule decides."""
    before = Counter(_rule_of(line.before) for line in lines)
    after = Counter(_rule_of(line.route) for line in lines)
    uses = [RuleUse(rule, before[rule.name], after[rule.name]) for rule in tried]
    return [*uses, RuleUse(None, before[""], after[""])]


def _shares(lines: list[Line], *sides: Callable[[Line], Any]) -> list[Share]:
    """Who got how many, the most first; nobody is “–”."""
    counts = [Counter(str(side(line) or "–") for line in lines) for side in sides]
    names = sorted(set().union(*counts), key=lambda name: (-counts[2][name], -counts[0][name], name))
    return [Share(name, *(count[name] for count in counts)) for name in names]
