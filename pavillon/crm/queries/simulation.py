"""Where would the requests of a past month have gone, by the rules as they are now, or by a draft?

Two desks are rehearsed side by side: each begins as the desks stood at the beginning of the month, grows with what its
rules give, and empties when a request was really answered. Only the desks of those among whom a rule chooses are read.
"""

import datetime
import hashlib
import heapq
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import F, Max, Prefetch, Q, QuerySet, Window
from django.db.models.functions import Lead as Next
from django.db.models.functions import Least
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.enums import Step
from pavillon.crm.models import Absence, Capacity, Lead, LeadSettings, LeadStep, Referent, RoutingRule, RoutingVersion
from pavillon.crm.queries.routing import Asked, Board, Load, Route, choose_route, rules_in_force
from pavillon.directory.models import Company

# Requests routed between two words about how far it is.
BATCH = 500
# Requests that a page names.
NAMED = 100
OVER = (Step.TREATED, Step.CLOSED, Step.REFUSED)


@dataclass
class Desk:
    """How many open requests somebody had when the month began, and what came and left without the rehearsal.

    `moves` are (moment, +1 or -1) in order; `last` is when the latest before came.
    """

    open: int = 0
    last: datetime.datetime | None = None
    moves: list[tuple[datetime.datetime, int]] = field(default_factory=list)


class Desks:
    """The desks at a moment, recounted from the steps of requests: read when somebody may get a request, once.

    What is not rehearsed (older requests, those that a file brought, those that the reader may not see) goes on as it
    did: it passes from hand to hand and leaves when it was first answered, whatever is written to it afterwards.
    """

    def __init__(self, since: datetime.datetime, rehearsed: QuerySet[Lead]) -> None:
        self.since = since
        self._rehearsed = rehearsed.order_by().values("pk")
        self.known: dict[int, Desk] = {}

    def of(self, people: Iterable[int]) -> dict[int, Desk]:
        """{person: desk}; two statements for those who were not asked for before, none else."""
        wanted = list(people)
        if new := [person for person in wanted if person not in self.known]:
            self._read(new)
        return {person: self.known[person] for person in wanted}

    def _read(self, people: list[int]) -> None:
        found = {person: Desk() for person in people}
        held = LeadStep.objects.filter(adviser__in=people).order_by()
        over = Q(lead__treated_at__lt=self.since) | Q(lead__closed_at__lt=self.since)
        steps = (
            # All the steps of what they ever held: the next one may be another's.
            LeadStep.objects.filter(lead__in=held.exclude(over).values("lead"))
            .exclude(lead__in=self._rehearsed)
            .annotate(until=Window(Next("at"), partition_by=[F("lead")], order_by=[F("at").asc(), F("pk").asc()]))
            # The earlier of the two that are known.
            .annotate(answered=Least("lead__treated_at", "lead__closed_at"))
            .values_list("adviser", "step", "at", "until", "answered")
            .order_by()
        )
        for adviser, step, begins, until, answered in steps.iterator(chunk_size=5000):
            ends = min((moment for moment in (until, answered) if moment), default=None)
            if adviser not in found or step in OVER or (ends and ends <= max(self.since, begins)):
                continue
            desk = found[adviser]
            if begins <= self.since:
                desk.open += 1
            else:
                desk.moves.append((begins, 1))
            if ends:
                desk.moves.append((ends, -1))
        given = held.filter(step=Step.ASSIGNED, at__lte=self.since)
        for person, last in given.values_list("adviser").annotate(last=Max("at")):
            found[person].last = last
        for desk in found.values():
            desk.moves.sort()
        self.known |= found


class Rehearsal(Board):
    """The board of a past period: loads as they stood, moved by what happened and by what the rehearsal gives."""

    def __init__(self, settings: LeadSettings, rules: list[RoutingRule], desks: Desks) -> None:
        super().__init__(settings, rules)
        self._desks = desks
        self._now = desks.since
        # Whose desks stand here already.
        self._seated: set[int] = set()
        self._open: Counter[int] = Counter()
        self._last: dict[int, datetime.datetime] = {}
        # (moment, +1 or -1, person), the next one first.
        self._moves: list[tuple[datetime.datetime, int, int]] = []
        self._capacities = dict(Capacity.objects.values_list("adviser_id", "open_leads"))
        self._absences = list(Absence.objects.values_list("person_id", "starts_on", "ends_on"))
        self.referents: dict[int, list[Referent]] = {}

    def absent(self, day: datetime.date) -> dict[int, datetime.date]:
        return {person: end for person, start, end in self._absences if start <= day <= end}

    def referent(self, company: Company, day: datetime.date) -> Referent | None:
        standing = (
            referent
            for referent in self.referents.get(company.pk, ())
            if referent.starts_on <= day and (referent.ends_on is None or referent.ends_on >= day)
        )
        return next(standing, None)

    def loads(self, people: Iterable[User]) -> dict[int, Load]:
        people = list(people)
        self._seat([person.pk for person in people if person.pk not in self._seated])
        return {
            person.pk: Load(
                max(0, self._open[person.pk]),
                self._capacities.get(person.pk, self.settings.capacity),
                self._last.get(person.pk),
            )
            for person in people
        }

    def _seat(self, people: list[int]) -> None:
        """The desks of people who may get a request for the first time, as they stand by now."""
        for person, desk in self._desks.of(people).items():
            self._open[person] += desk.open
            if desk.last:
                self._last.setdefault(person, desk.last)
            for moment, change in desk.moves:
                heapq.heappush(self._moves, (moment, change, person))
        self._seated.update(people)
        self.come_to(self._now)

    def come_to(self, moment: datetime.datetime) -> None:
        """Let happen what happened until then: other requests come and go, given ones are answered."""
        self._now = moment
        while self._moves and self._moves[0][0] <= moment:
            _at, change, person = heapq.heappop(self._moves)
            self._open[person] += change

    def give(self, person: User | None, lead: Lead) -> None:
        if person is None:
            return
        self._open[person.pk] += 1
        self._last[person.pk] = lead.received_at
        answered = [moment for moment in (lead.treated_at, lead.closed_at) if moment]
        if answered:
            heapq.heappush(self._moves, (min(answered), -1, person.pk))


@dataclass
class Tally:
    """What two sets of rules decide on the requests of a month, counted as they go by."""

    has_draft: bool
    requests: int = 0
    changed: int = 0
    turns: int = 0
    moved: int = 0
    rules: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    teams: tuple[Counter[int | None], ...] = field(default_factory=lambda: (Counter(), Counter(), Counter()))
    people: tuple[Counter[int | None], ...] = field(default_factory=lambda: (Counter(), Counter(), Counter()))
    lines: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=NAMED))
    passed_over: set[int] = field(default_factory=set)

    def count(self, lead: Any, before: Route, after: Route) -> None:
        happened = lead.given_to[0].adviser_id if lead.given_to else None
        sides = [_ends_of(before), _ends_of(after)]
        is_changed = _rule_of(before) != _rule_of(after) or sides[0][1] != sides[1][1]
        self.requests += 1
        self.changed += is_changed
        # Only the person differs: the requests that moved changed the others' loads.
        self.turns += not is_changed and sides[0][0] != sides[1][0]
        is_other_team = sides[1][1] is None or sides[1][1] != lead.team_id
        self.moved += is_other_team
        for counter, route in zip(self.rules, (before, after), strict=True):
            counter[_rule_of(route)] += 1
        for side, (person, team) in enumerate(((happened, lead.team_id), *sides)):
            self.people[side][person] += 1
            self.teams[side][team] += 1
        if is_changed or not self.has_draft:
            self.passed_over |= after.passed_over
            self.lines.append(
                {
                    "lead": lead.pk,
                    "happened": happened,
                    "before": sides[0],
                    "after": sides[1],
                    "other_team": is_other_team,
                    "reasons": after.reasons,
                }
            )

    def answer(self, tried: Sequence[RoutingRule], desks: Desks) -> dict[str, Any]:
        """As it is kept: numbers of people, teams and requests, the latest request first."""
        before, after = self.rules
        rules = [[rule.pk, rule.name, before[rule.name], after[rule.name]] for rule in tried]
        return {
            "requests": self.requests,
            "changed": self.changed,
            "turns": self.turns,
            "moved": self.moved,
            "started": sum(desk.open for desk in desks.known.values()),
            "rules": [*rules, [None, "", before[""], after[""]]],
            "teams": _shares(self.teams),
            "people": _shares(self.people),
            # Everybody whom it counts or whose name stands in a reason: it is erased with any of them.
            "named": sorted(self.passed_over.union(*self.people) - {None}),
            "lines": list(reversed(self.lines)),
        }


def _ends_of(route: Route) -> tuple[int | None, int | None]:
    return route.adviser.pk if route.adviser else None, route.team.pk if route.team else None


def _rule_of(route: Route) -> str:
    """Rules of two versions are the same when they have the same name."""
    return route.rule.name if route.rule else ""


def _shares(sides: Sequence[Counter[int | None]]) -> list[list[int | None]]:
    """[who, how many in fact, by the rules in force, by those tried]: who gets most first."""
    keys = sorted(set().union(*sides), key=lambda key: (-sides[2][key], -sides[0][key], key or 0))
    return [[key, *(side[key] for side in sides)] for key in keys]


def rehearsed_leads(leads: QuerySet[Lead], since: datetime.datetime, until: datetime.datetime) -> QuerySet[Lead]:
    """The requests of a period among some; what a file brought was never routed and is left out."""
    period = leads.filter(received_at__gte=since, received_at__lt=until)
    return period.exclude(routing__contains=[{"code": "brought"}])


def simulate_routing(
    leads: QuerySet[Lead],
    *,
    since: datetime.datetime,
    until: datetime.datetime,
    draft: RoutingVersion | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> tuple[dict[str, Any], list[RoutingRule]]:
    """(what became of them, the rules tried): the requests of a period routed again in memory; nothing is written.

    Twice when a draft is given: by the rules in force and by the draft, from the same desks, so that the difference is
    the draft's. `tell` hears how many are done. Memory does not grow with the month.
    """
    settings = LeadSettings.objects.filter(pk=1).first() or LeadSettings(pk=1)
    asked = rehearsed_leads(leads, since, until)
    desks = Desks(since, asked)
    in_force = rules_in_force()
    tried = in_force if draft is None else rules_in_force(draft)
    boards = [Rehearsal(settings, in_force, desks)]
    if draft is not None:
        boards.append(Rehearsal(settings, tried, desks))
    tally = Tally(has_draft=draft is not None)
    for rows in _in_batches(asked):
        referents = _referents_of(rows)
        for board in boards:
            board.referents = referents
        for lead in rows:
            routes = [_rehearsed(lead, board) for board in boards]
            tally.count(lead, routes[0], routes[-1])
        tell(tally.requests)
    return tally.answer(tried, desks), tried


def _in_batches(leads: QuerySet[Lead]) -> Iterator[list[Any]]:
    assigned = LeadStep.objects.filter(step=Step.ASSIGNED).order_by("at", "pk")
    rows = (
        leads.select_related("company__commune", "company__profile")
        .prefetch_related(Prefetch("steps", assigned, to_attr="given_to"))
        .order_by("received_at", "pk")
    )
    source = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(source, BATCH)):
        yield batch


def _referents_of(leads: Iterable[Lead]) -> dict[int, list[Referent]]:
    found: dict[int, list[Referent]] = defaultdict(list)
    companies = {lead.company_id for lead in leads if lead.company_id}
    for referent in Referent.objects.filter(company__in=companies).select_related("adviser", "organisation"):
        found[referent.company_id].append(referent)
    return found


def _rehearsed(lead: Lead, board: Rehearsal) -> Route:
    """One request routed when it came, adding to the load of whoever gets it."""
    board.come_to(lead.received_at)
    asked = Asked(lead.company, lead.region_id, lead.sector_id, lead.country_id, lead.kind, lead.origin)
    route = choose_route(asked, day=timezone.localdate(lead.received_at), board=board)
    board.give(route.adviser, lead)
    return route


_SAID = (
    "name", "priority", "before_referent", "is_last_resort", "goes_to", "organisation_id", "adviser_id", "office_id",
    "load_below", "take_charge_hours",
)  # fmt: skip


def mark_of(rules: Iterable[RoutingRule]) -> str:
    """The same as long as the rules that were tried are."""
    said = [
        [
            *(getattr(rule, name) for name in _SAID),
            sorted((name, refused, sorted(keys)) for name, (refused, keys) in rule.asked.items()),
        ]
        for rule in rules
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
