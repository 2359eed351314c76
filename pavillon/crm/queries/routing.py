"""To whom a request goes, and why. Only reads: the action that receives a request holds the lock."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.queries import advisers_of
from pavillon.crm.enums import OPEN_STATES
from pavillon.crm.models import Absence, LeadSettings, Referent, RoutingRule
from pavillon.directory.models import Company
from pavillon.reference.models import Region

Reason = dict[str, Any]
HANDLING_ROLES = (Role.ADVISER, Role.PRIVATE_PARTNER)


@dataclass(frozen=True)
class Asked:
    """What routing looks at in a request. Regions, sectors and countries are keys ("53", "agri", "JP")."""

    company: Company | None = None
    region_id: str | None = None
    sector_id: str | None = None
    country_id: str | None = None
    kind: str = ""
    origin: str = ""

    @property
    def export_class(self) -> str:
        return self.company.export_class if self.company else ""


@dataclass
class Route:
    """The decision: one adviser, or a team's queue when nobody is there, and the reasons in order."""

    adviser: User | None = None
    team: Organisation | None = None
    reasons: list[Reason] = field(default_factory=list)
    hours: int | None = None
    # The team's managers must look: nobody fits, or everybody has too much.
    needs_alert: bool = False


@dataclass(frozen=True)
class Load:
    """How busy an adviser is: open requests, capacity, and when the last one came."""

    open: int
    capacity: int
    last: datetime.datetime | None

    @property
    def ratio(self) -> float:
        return self.open / self.capacity


def loads_of(people: Iterable[User], settings: LeadSettings) -> dict[int, Load]:
    """The load of each person, in one statement."""
    counted = (
        User.objects.filter(pk__in=[person.pk for person in people])
        .annotate(
            open_leads=Count("leads", filter=Q(leads__state__in=OPEN_STATES)), last_lead=Max("leads__assigned_at")
        )
        .values_list("pk", "open_leads", "last_lead", "lead_capacity__open_leads")
    )
    return {pk: Load(count, capacity or settings.capacity, last) for pk, count, last, capacity in counted}


def absences_on(day: datetime.date) -> dict[int, datetime.date]:
    """Who is absent that day, and until when: {user id: last day}."""
    return dict(Absence.objects.covering(day).values_list("person_id", "ends_on"))


def current_referent(company: Company, day: datetime.date) -> Referent | None:
    return Referent.objects.on(day).filter(company=company).select_related("adviser", "organisation").first()


def managers_of(team: Organisation | None) -> QuerySet[User]:
    """The managers of a team; those of the national agency when it has none, or when there is no team."""
    managers = User.objects.working().acting_in(organisation=team, role=Role.TEAM_MANAGER)
    return managers if team and managers.exists() else national_managers()


def national_managers() -> QuerySet[User]:
    """Managers of the national agency; its showroom managers when it has no team manager."""
    agency = {"organisation__kind": Kind.AGENCY, "organisation__level": Level.NATIONAL}
    managers = User.objects.working().acting_in(role=Role.TEAM_MANAGER, **agency).order_by("pk")
    return managers if managers.exists() else User.objects.working().acting_in(role=Role.SHOWROOM_MANAGER, **agency)


def choose_route(asked: Asked, *, day: datetime.date, settings: LeadSettings) -> Route:
    """Decide where a request goes: the referent, else the first rule that applies, else the region's advisers.

    Within a team the person with the smallest share of open requests to capacity takes it; equal shares go to
    who has fewer, then to who waited longest since the last one, then to the oldest account: the same question
    always has the same answer. Absent people are passed over and named.
    """
    absent = absences_on(day)
    route = Route()
    if asked.company is not None and _to_referent(route, asked.company, day, absent):
        return route
    for rule in RoutingRule.objects.in_force().select_related("organisation", "adviser"):
        if _accepts(rule, asked) and _by_rule(route, rule, asked, absent, settings):
            return route
    if asked.region_id and _by_region(route, asked.region_id, absent, settings):
        return route
    _to_manager(route, asked.region_id, absent)
    return route


def _accepts(rule: RoutingRule, asked: Asked) -> bool:
    return rule.accepts(
        region_id=asked.region_id,
        sector_id=asked.sector_id,
        country_id=asked.country_id,
        kind=asked.kind,
        origin=asked.origin,
        export_class=asked.export_class,
    )


def _to_referent(route: Route, company: Company, day: datetime.date, absent: dict[int, datetime.date]) -> bool:
    referent = current_referent(company, day)
    if referent is None or not referent.adviser.is_active:
        return False
    name = referent.adviser.full_name
    if referent.adviser_id in absent:
        until = absent[referent.adviser_id].isoformat()
        route.reasons.append({"code": "referent_absent", "adviser": name, "until": until})
        return False
    route.reasons.append({"code": "referent", "adviser": name, "since": referent.starts_on.isoformat()})
    route.adviser, route.team = referent.adviser, referent.organisation
    return True


def _by_rule(
    route: Route, rule: RoutingRule, asked: Asked, absent: dict[int, datetime.date], settings: LeadSettings
) -> bool:
    named = rule.adviser
    team = rule.organisation
    if named is not None and named.is_active and named.pk not in absent:
        route.reasons += [{"code": "rule", "rule": rule.name}, {"code": "named", "adviser": named.full_name}]
        route.adviser, route.team, route.hours = named, team, rule.take_charge_hours
        return True
    people = User.objects.working().acting_in(organisation=team, role__in=HANDLING_ROLES).order_by("pk")
    if asked.region_id and team.level == Level.NATIONAL:
        # A national organisation sends people to regions: those come first, when there are any.
        covering = people.acting_in(organisation=team, covers=asked.region_id)
        people = covering if covering.exists() else people
    reasons: list[Reason] = [{"code": "rule", "rule": rule.name}]
    if named is not None and named.pk in absent:
        reasons.append(
            {"code": "named_absent", "adviser": named.full_name, "until": absent[named.pk].isoformat()}
        )
    found = _lightest(list(people), absent, settings, reasons, route)
    if found is None:
        route.reasons.append({"code": "rule_empty", "rule": rule.name, "team": team.name})
        return False
    route.reasons += reasons
    route.adviser, route.team, route.hours = found, team, rule.take_charge_hours
    return True


def _by_region(route: Route, region_id: str, absent: dict[int, datetime.date], settings: LeadSettings) -> bool:
    people = list(advisers_of(region_id))
    if not people:
        return False
    reasons: list[Reason] = [{"code": "region", "region": Region.objects.get(pk=region_id).name_fr}]
    found = _lightest(people, absent, settings, reasons, route)
    # Even when all are absent, the reader should see who was passed over.
    route.reasons += reasons
    if found is None:
        return False
    route.adviser, route.team = found, _team_in_region(found, region_id)
    return True


def _team_in_region(adviser: User, region_id: str) -> Organisation:
    membership = (
        Membership.objects.current()
        .filter(user=adviser, organisation__region=region_id, role=Role.ADVISER)
        .select_related("organisation")
        .order_by("-is_default", "pk")
    )
    return membership[0].organisation


def _lightest(
    people: list[User],
    absent: dict[int, datetime.date],
    settings: LeadSettings,
    reasons: list[Reason],
    route: Route,
) -> User | None:
    """The present person with the lightest load, telling why; None when nobody is present."""
    present = [person for person in people if person.pk not in absent]
    away = [person.full_name for person in people if person.pk in absent]
    if away:
        reasons.append({"code": "absent", "names": ", ".join(away)})
    if not present:
        return None
    loads = loads_of(present, settings)
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    chosen = min(
        present, key=lambda p: (loads[p.pk].ratio, loads[p.pk].open, loads[p.pk].last or never, p.pk)
    )
    load = loads[chosen.pk]
    if len(present) == 1:
        reasons.append({"code": "only_one", "adviser": chosen.full_name})
    else:
        reasons.append(
            {
                "code": "least_loaded",
                "adviser": chosen.full_name,
                "count": len(present),
                "open": load.open,
                "capacity": load.capacity,
            }
        )
    if load.ratio >= 1:
        reasons.append({"code": "over_capacity"})
        route.needs_alert = True
    return chosen


def _to_manager(route: Route, region_id: str | None, absent: dict[int, datetime.date]) -> None:
    """Nobody fits: a present manager of the region's team takes it, else it waits in the team's queue."""
    route.needs_alert = True
    if not region_id:
        route.reasons.append({"code": "no_region"})
    teams = Organisation.objects.working().partners()
    local = teams.filter(level=Level.REGIONAL, region=region_id) if region_id else teams.none()
    # The chamber of commerce keeps the region's counter; the national agency stands behind it.
    ranked = [
        *local.filter(kind=Kind.CHAMBER).order_by("pk"),
        *local.exclude(kind__in=[Kind.CHAMBER, Kind.REGION]).order_by("pk"),
        *teams.filter(kind=Kind.AGENCY, level=Level.NATIONAL).order_by("pk"),
    ]
    for team in ranked[:1]:
        managers = User.objects.working().acting_in(organisation=team, role=Role.TEAM_MANAGER).order_by("pk")
        present = [person for person in managers if person.pk not in absent]
        if present:
            route.adviser, route.team = present[0], team
            route.reasons.append({"code": "manager", "adviser": present[0].full_name})
            return
    route.team = ranked[0] if ranked else None
    route.reasons.append({"code": "queue", "team": route.team.name if route.team else "–"})
