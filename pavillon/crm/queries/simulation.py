"""Where would the requests of a past month have gone, by the rules as they are now?"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.models import Absence, Capacity, Lead, LeadSettings, Referent
from pavillon.crm.models.reasons import tell
from pavillon.crm.queries.routing import Asked, Board, Load, Route, choose_route
from pavillon.directory.models import Company

# Beyond, the page would make its reader wait; a month of a whole country stays below.
AT_MOST = 3_000


@dataclass(frozen=True)
class Line:
    """One request: where it went at first, and where the rules of today would send it."""

    lead: Lead
    route: Route
    is_same: bool

    @property
    def why(self) -> str:
        """The reasons as one text in the reader's language."""
        return " ".join(tell(reason) for reason in self.route.reasons)


@dataclass(frozen=True)
class Simulation:
    """Every request of the period and the counts; `is_cut` when there were more than `AT_MOST`."""

    since: datetime.date
    until: datetime.date
    lines: list[Line]
    by_team: list[tuple[str, int]]
    by_adviser: list[tuple[str, int]]
    by_rule: list[tuple[str, int]]
    moved: int
    is_cut: bool


class Rehearsal(Board):
    """The board of a past period: loads start empty and grow with each request that the rehearsal gives."""

    def __init__(self, settings: LeadSettings, companies: Iterable[int]) -> None:
        super().__init__(settings)
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


def simulate_routing(leads: QuerySet[Lead], *, days: int = 30) -> Simulation:
    """Route again, in memory, the requests of the last `days` days among `leads`; nothing is written.

    A request counts as moved when its team differs from the one that has it. Workload is rehearsed from an empty
    desk: it shows how the rules share the requests out, not who would have been free that day.
    """
    now = timezone.now()
    since = now - datetime.timedelta(days=days)
    rows = list(
        leads.filter(received_at__gte=since)
        .select_related("company", "team", "adviser", "region")
        .order_by("received_at", "pk")[: AT_MOST + 1]
    )
    settings = LeadSettings.objects.filter(pk=1).first() or LeadSettings(pk=1)
    board = Rehearsal(settings, {lead.company_id for lead in rows if lead.company_id})
    lines = []
    for lead in rows[:AT_MOST]:
        asked = Asked(lead.company, lead.region_id, lead.sector_id, lead.country_id, lead.kind, lead.origin)
        route = choose_route(asked, day=timezone.localdate(lead.received_at), board=board)
        board.give(route.adviser, lead.received_at)
        lines.append(Line(lead, route, route.team is not None and route.team.pk == lead.team_id))
    return Simulation(
        since=timezone.localdate(since),
        until=timezone.localdate(now),
        lines=lines,
        by_team=Counter(line.route.team.name if line.route.team else "–" for line in lines).most_common(),
        by_adviser=Counter(line.route.adviser.full_name if line.route.adviser else "–" for line in lines).most_common(),
        by_rule=Counter(line.route.rule for line in lines).most_common(),
        moved=sum(not line.is_same for line in lines),
        is_cut=len(rows) > AT_MOST,
    )
