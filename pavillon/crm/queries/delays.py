"""How soon requests are taken in charge: rate and delay, of everybody and per team, region, network and adviser."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Network
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.crm.models import Lead
from pavillon.crm.queries.clock import TEAM_ZONE
from pavillon.reference.models import Region

# Lines of one table; a country has more advisers than a reader reads.
AT_MOST = 200
COLUMNS = (
    "region_id", "team_id", "adviser_id", "taken_at", "due_at", "take_charge_minutes", "escalations", "state",
)  # fmt: skip
# In time: taken in charge before it escalated and before its hour.
COUNTS = """
        count(*),
        count(taken_at),
        count(*) FILTER (WHERE taken_at <= due_at AND escalations = 0),
        count(*) FILTER (WHERE state IN ('received', 'assigned')),
        count(*) FILTER (WHERE state IN ('received', 'assigned') AND (due_at < %s OR escalations > 0)),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY take_charge_minutes)
"""
WHOLE = "SELECT {counts} FROM ({leads}) AS lead"
# One reading of the requests for all groups.
GROUPS = """
    SELECT grouping(region_id) = 0, grouping(team_id) = 0, grouping(adviser_id) = 0, grouping(network) = 0,
        region_id, team_id, adviser_id, network, {counts}
    FROM (
        SELECT asked.*, CASE WHEN adviser_id IS NULL THEN 'nobody' ELSE coalesce(own.network, '') END AS network
        FROM ({leads}) AS asked LEFT JOIN ({networks}) AS own ON own.user_id = adviser_id
    ) AS lead
    GROUP BY GROUPING SETS ((), (region_id), (team_id), (adviser_id), (network))
"""
NOBODY = "nobody"


@dataclass(frozen=True)
class Delay:
    """One group: requests received, taken in charge, in time, still waiting, late; median delay in working minutes.

    `median` is None as long as nothing was taken in charge. Rates are whole per cent of the requests received.
    """

    name: str = ""
    received: int = 0
    taken: int = 0
    in_time: int = 0
    waiting: int = 0
    late: int = 0
    median: int | None = None

    @property
    def rate(self) -> int:
        return round(100 * self.taken / self.received) if self.received else 0

    @property
    def rate_in_time(self) -> int:
        return round(100 * self.in_time / self.received) if self.received else 0

    @property
    def median_text(self) -> str:
        """“35 min”, “6 h 10”, “–” when nothing was taken."""
        if self.median is None:
            return "–"
        hours, minutes = divmod(self.median, 60)
        return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"


@dataclass
class Delays:
    """The figures of everybody, and of each group, those with the most requests first."""

    whole: Delay = field(default_factory=Delay)
    by_team: list[Delay] = field(default_factory=list)
    by_region: list[Delay] = field(default_factory=list)
    by_adviser: list[Delay] = field(default_factory=list)
    by_network: list[Delay] = field(default_factory=list)


def delays_of(leads: QuerySet[Lead]) -> Delays:
    """The figures of some requests: one statement for the counts of all groups, three for their names."""
    found: dict[str, dict[Any, tuple[Any, ...]]] = {"": {}, "region": {}, "team": {}, "adviser": {}, "network": {}}
    for by_region, by_team, by_adviser, by_network, region, team, adviser, network, *figures in _counted(leads):
        if by_region:
            found["region"][region] = tuple(figures)
        elif by_team:
            found["team"][team] = tuple(figures)
        elif by_adviser:
            found["adviser"][adviser] = tuple(figures)
        elif by_network:
            found["network"][network] = tuple(figures)
        else:
            found[""][None] = tuple(figures)
    whole = found[""].get(None)
    return Delays(
        whole=_delay("", whole) if whole else Delay(),
        by_team=_named(found["team"], Organisation),
        by_region=_named(found["region"], Region),
        by_adviser=_named(found["adviser"], User),
        by_network=_networks(found["network"]),
    )


def _networks(rows: dict[str, tuple[Any, ...]]) -> list[Delay]:
    """The two networks always, the others where they have requests: together they are the whole."""
    names = {Network.CI.value: "CI", Network.CAI.value: "CAI"}
    names |= {Network.NONE.value: _("Other advisers"), NOBODY: _("No adviser yet")}
    shown = [key for key in names if key in rows or key in (Network.CI, Network.CAI)]
    return [_delay(names[key], rows[key]) if key in rows else Delay(names[key]) for key in shown]


def delay_of(leads: QuerySet[Lead]) -> Delay:
    """The figures of some requests together, without names."""
    inner, params = _asked(leads)
    with connection.cursor() as cursor:
        cursor.execute(WHOLE.format(counts=COUNTS, leads=inner), [timezone.now(), *params])
        return _delay("", cursor.fetchone())


def received_between(leads: QuerySet[Lead], since: datetime.date, until: datetime.date) -> QuerySet[Lead]:
    """Those received between two days, both included, in the team's time."""
    first = datetime.datetime.combine(since, datetime.time.min, TEAM_ZONE)
    after = datetime.datetime.combine(until + datetime.timedelta(days=1), datetime.time.min, TEAM_ZONE)
    return leads.filter(received_at__gte=first, received_at__lt=after)


def _asked(leads: QuerySet[Lead]) -> tuple[str, tuple[Any, ...]]:
    return leads.order_by().values(*COLUMNS).query.sql_with_params()


def _counted(leads: QuerySet[Lead]) -> list[tuple[Any, ...]]:
    inner, params = _asked(leads)
    # The network of each adviser is that of the role that he uses at sign-in, else of his first one.
    roles = Membership.objects.current().order_by("user_id", "-is_default", "pk").distinct("user_id")
    networks, more = roles.values("user_id", "network").query.sql_with_params()
    statement = GROUPS.format(counts=COUNTS, leads=inner, networks=networks)
    with connection.cursor() as cursor:
        cursor.execute(statement, [timezone.now(), *params, *more])
        return cursor.fetchall()


def _named(rows: dict[Any, tuple[Any, ...]], model: Any) -> list[Delay]:
    busiest = sorted(rows.items(), key=lambda row: (-row[1][0], str(row[0])))[:AT_MOST]
    names = model.objects.in_bulk([key for key, _figures in busiest if key is not None])
    return [_delay(str(names.get(key, "–")), figures) for key, figures in busiest]


def _delay(name: str, figures: tuple[Any, ...]) -> Delay:
    received, taken, in_time, waiting, late, median = figures
    return Delay(name, received, taken, in_time, waiting, late, None if median is None else round(median))
