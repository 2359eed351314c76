"""To whom a request goes, and why. Only reads: the action that receives a request holds the lock."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.queries import advisers_of
from pavillon.crm.enums import Criterion, Destination, VersionState
from pavillon.crm.models import Absence, Lead, LeadSettings, Referent, RoutingRule, RoutingVersion
from pavillon.crm.queries.profiles import export_class_of
from pavillon.directory.models import Company
from pavillon.reference.models import Region

Reason = dict[str, Any]
HANDLING_ROLES = (Role.ADVISER, Role.PRIVATE_PARTNER)
# Destinations of the shipped last resort.
SHIPPED = (Destination.REGION, Destination.MANAGER, Destination.HOME)
NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)


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
    def department_id(self) -> str | None:
        commune = self.company.commune if self.company else None
        return commune.department_id if commune else None

    @cached_property
    def by_criterion(self) -> dict[str, str | None]:
        """As rules ask for it."""
        return {
            Criterion.REGION: self.region_id,
            Criterion.DEPARTMENT: self.department_id,
            Criterion.SECTOR: self.sector_id,
            Criterion.COUNTRY: self.country_id,
            Criterion.KIND: self.kind,
            Criterion.ORIGIN: self.origin,
            Criterion.EXPORT_CLASS: export_class_of(self.company),
        }


@dataclass
class Route:
    """The decision: one adviser, or a team's queue when nobody is there, and the reasons in order."""

    adviser: User | None = None
    team: Organisation | None = None
    reasons: list[Reason] = field(default_factory=list)
    hours: int | None = None
    # The team's managers must look: nobody fits, everybody has too much, or who got it has never signed in.
    needs_alert: bool = False
    rule: RoutingRule | None = None
    # Private partners to whom it would have gone: whoever asks has not agreed to it.
    partners: list[Organisation] = field(default_factory=list)
    # Whom the reasons name without giving them the request: their numbers.
    passed_over: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Load:
    """How busy an adviser is: open requests, capacity, and when the last one came."""

    open: int
    capacity: int
    last: datetime.datetime | None

    @property
    def ratio(self) -> float:
        return self.open / self.capacity


class Board:
    """What routing knows of the team: rules, referents, who is there and how busy. Asked once, kept for the route.

    A rehearsal (`queries.simulation`) answers the same questions about a past month.
    """

    def __init__(self, settings: LeadSettings, rules: list[RoutingRule] | None = None) -> None:
        self.settings = settings
        self.rules = rules_in_force() if rules is None else rules
        self._known: dict[Any, Any] = {}

    def absent(self, day: datetime.date) -> dict[int, datetime.date]:
        """Who is absent that day, and until when: {user id: last day}."""
        return dict(Absence.objects.covering(day).values_list("person_id", "ends_on"))

    def referent(self, company: Company, day: datetime.date) -> Referent | None:
        return current_referent(company, day)

    def loads(self, people: Iterable[User]) -> dict[int, Load]:
        return loads_of(people, self.settings)

    def people_of(self, team: Organisation, region_id: str | None) -> list[User]:
        """Those of a team who handle requests; of a national team, those who cover the region, if any do."""
        return self._once(("team", team.pk, region_id), lambda: _people_of(team, region_id))

    def advisers_in(self, region_id: str) -> list[User]:
        return self._once(("region", region_id), lambda: list(advisers_of(region_id)))

    def managers_of(self, team: Organisation) -> list[User]:
        managers = User.objects.working().acting_in(organisation=team, role=Role.TEAM_MANAGER).order_by("pk")
        return self._once(("managers", team.pk), lambda: list(managers))

    def region(self, region_id: str) -> Region:
        return self._once(("name", region_id), lambda: Region.objects.get(pk=region_id))

    def team_in(self, region_id: str, adviser: User) -> Organisation:
        return self._once(("team in", region_id, adviser.pk), lambda: _team_in_region(adviser, region_id))

    def team_behind(self, region_id: str | None) -> Organisation | None:
        return self._once(("behind", region_id), lambda: _team_behind(region_id))

    def _once(self, key: Any, ask: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


def rules_in_force(draft: RoutingVersion | None = None) -> list[RoutingRule]:
    """The rules that are tried, in order; with those of a draft in the place of its level's when one is given."""
    rules = RoutingRule.objects.in_force()
    if draft is not None:
        level = Q(version__region=draft.region_id) if draft.region_id else Q(version__region__isnull=True)
        rules = RoutingRule.objects.filter(is_active=True).filter(
            (Q(version__state=VersionState.IN_FORCE) & ~level) | Q(version=draft)
        )
    found = list(rules.in_order().with_words())
    if not any(rule.is_always_there for rule in found):
        # Nobody prepared rules of the country yet: those that the platform is shipped with end the list.
        found += shipped_last_resort(RoutingVersion(number=0, state=VersionState.IN_FORCE))
    return found


def shipped_last_resort(version: RoutingVersion) -> list[RoutingRule]:
    """Where requests go that no rule took, until somebody decides otherwise: region, manager, queue. Not stored."""
    # Stored words, read by the whole team: in the language of the house.
    with translation.override(settings.LANGUAGE_CODE):
        named = (
            (gettext("Advisers of the region"), Destination.REGION),
            (gettext("Manager of the region’s chamber"), Destination.MANAGER),
            (gettext("Queue that is always there"), Destination.HOME),
        )
    return [
        RoutingRule(version=version, name=name, priority=10 * number, is_last_resort=True, goes_to=goes_to)
        for number, (name, goes_to) in enumerate(named, 1)
    ]


def rule_behind(lead: Lead) -> RoutingRule | None:
    """The rule that sent a request where it went first, as it stood then; None when none did."""
    decided = [why["rule_id"] for why in lead.routing if why.get("decides")]
    return RoutingRule.objects.filter(pk=decided[-1]).with_words().first() if decided else None


def _people_of(team: Organisation, region_id: str | None) -> list[User]:
    people = User.objects.working().acting_in(organisation=team, role__in=HANDLING_ROLES).order_by("pk")
    if region_id and team.level == Level.NATIONAL:
        covering = list(people.acting_in(organisation=team, covers=region_id))
        return covering or list(people)
    return list(people)


def loads_of(people: Iterable[User], settings: LeadSettings) -> dict[int, Load]:
    """The load of each person, in one statement."""
    # One by one from the indexes: joined, all that somebody ever held would be read.
    held = Lead.objects.filter(adviser=OuterRef("pk"))
    still_open = held.open().order_by().values("adviser").annotate(n=Count("pk")).values("n")
    given = held.filter(assigned_at__isnull=False).order_by("-assigned_at").values("assigned_at")[:1]
    counted = (
        User.objects.filter(pk__in=[person.pk for person in people])
        .annotate(open_leads=Coalesce(Subquery(still_open), 0), last_lead=Subquery(given))
        .values_list("pk", "open_leads", "last_lead", "lead_capacity__open_leads")
    )
    return {pk: Load(count, capacity or settings.capacity, last) for pk, count, last, capacity in counted}


def current_referent(company: Company, day: datetime.date) -> Referent | None:
    return Referent.objects.on(day).filter(company=company).select_related("adviser", "organisation").first()


def managers_of(team: Organisation | None) -> QuerySet[User]:
    """The managers of a team; those of the national agency when it has none, or when there is no team."""
    managers = User.objects.working().acting_in(organisation=team, role=Role.TEAM_MANAGER).order_by("pk")
    return managers if team and managers.exists() else national_managers()


def national_managers() -> QuerySet[User]:
    """Managers of the national agency; its showroom managers when it has no team manager."""
    agency = {"organisation__kind": Kind.AGENCY, "organisation__level": Level.NATIONAL}
    managers = User.objects.working().acting_in(role=Role.TEAM_MANAGER, **agency).order_by("pk")
    return managers if managers.exists() else User.objects.working().acting_in(role=Role.SHOWROOM_MANAGER, **agency)


def choose_route(asked: Asked, *, day: datetime.date, board: Board) -> Route:
    """Decide where a request goes: the referent, else the first rule that applies, else those of last resort.

    Within a team the person with the smallest share of open requests to capacity takes it; equal shares go to
    who has fewer, then to who waited longest since the last one, then to the oldest account: the same question
    always has the same answer. Absent people are passed over and named, and so is who was invited and has never signed
    in, as long as somebody else is there; else he gets it and the managers are told. A private partner is passed over:
    nothing leaves without the consent of whoever asks, which nobody gave yet. When nobody fits, the rules of last
    resort decide: as shipped the region's advisers, a present manager of the region's chamber, else that team's queue,
    whose managers are alerted.
    """
    return _Decision(asked, board, board.absent(day)).made(day)


class _Decision:
    """One decision under way: gathers the reasons in the order in which they were found."""

    def __init__(self, asked: Asked, board: Board, absent: dict[int, datetime.date]) -> None:
        self.asked, self.board, self.absent = asked, board, absent
        self.route = Route()
        self._is_referent_tried = False

    def made(self, day: datetime.date) -> Route:
        for rule in self.board.rules:
            # Those asked before the referent stand first.
            if not rule.before_referent and self._goes_to_referent(day):
                return self.route
            if rule.accepts(self.asked.by_criterion) and self._goes_by(rule, day):
                return self.route
        # The last rule always finds a queue: the database holds it.
        self._waits_at_home()
        return self.route

    def _say(self, code: str, **values: Any) -> None:
        self.route.reasons.append({"code": code, **values})

    def _pass_over(self, code: str, people: list[User], **values: Any) -> None:
        if people:
            self._say(code, names=", ".join(person.full_name for person in people), **values)
            self.route.passed_over.update(person.pk for person in people)

    def _is_present(self, person: User) -> bool:
        return person.is_active and person.pk not in self.absent

    def _goes_to_referent(self, day: datetime.date) -> bool:
        if self._is_referent_tried:
            return False
        self._is_referent_tried = True
        referent = self.board.referent(self.asked.company, day) if self.asked.company else None
        if referent is None or not referent.adviser.is_active:
            return False
        name = referent.adviser.full_name
        if not self._is_present(referent.adviser):
            self.route.passed_over.add(referent.adviser_id)
            self._say("referent_absent", adviser=name, until=self.absent[referent.adviser_id].isoformat())
            return False
        if self._needs_consent(referent.organisation):
            return False
        self._say("referent", adviser=name, since=referent.starts_on.isoformat())
        self._tell_invited(referent.adviser)
        self.route.adviser, self.route.team = referent.adviser, referent.organisation
        return True

    def _needs_consent(self, team: Organisation) -> bool:
        if team.kind != Kind.PARTNER:
            return False
        self._say("partner_unasked", partner=team.name)
        self.route.partners.append(team)
        return True

    def _goes_by(self, rule: RoutingRule, day: datetime.date) -> bool:
        """Whether the rule finds somebody; it is then named on the request with its version."""
        version, first = rule.version, len(self.route.reasons)
        facts: Reason = {"rule": rule.name, "rule_id": rule.pk, "version": version.number}
        facts["place"] = version.region.name_fr if version.region else "France"
        # The last resort tells in its own words that no rule applied.
        is_told = not (rule.is_last_resort and rule.goes_to in SHIPPED)
        if is_told:
            self._say("rule", **facts)
        if not self._reaches(rule, day):
            return False
        if rule.pk:
            self.route.reasons[first].update(facts, decides=True)
        self.route.hours, self.route.rule = rule.take_charge_hours, rule
        return True

    def _reaches(self, rule: RoutingRule, day: datetime.date) -> bool:
        match rule.goes_to:
            case Destination.REFERENT:
                return self._goes_to_referent(day)
            case Destination.REGION:
                return self._goes_to_region(rule)
            case Destination.MANAGER:
                return self._goes_to_manager(rule)
            case Destination.HOME:
                return self._waits_at_home()
        team = _team_of(rule)
        if self._needs_consent(team):
            return False
        self.route.team = team
        if rule.goes_to == Destination.QUEUE:
            self._say("rule_queue", team=team.name)
            return True
        found = self._named(rule) or self._lightest(self._handlers(rule), below=rule.load_below)
        if found is None:
            self.route.team = None
            self._say("rule_empty", team=team.name)
            return False
        self.route.adviser = found
        return True

    def _named(self, rule: RoutingRule) -> User | None:
        """The person whom the rule names, unless absent or too busy for it."""
        named = rule.adviser
        if named is None:
            return None
        if named.pk in self.absent:
            self.route.passed_over.add(named.pk)
            self._say("named_absent", adviser=named.full_name, until=self.absent[named.pk].isoformat())
            return None
        if not named.is_active:
            return None
        if rule.load_below and not self._below([named], rule.load_below):
            return None
        self._say("named", adviser=named.full_name)
        self._tell_invited(named)
        return named

    def _handlers(self, rule: RoutingRule) -> list[User]:
        """The people among whom a rule shares out: of one office when it names one."""
        if rule.office is None:
            return self.board.people_of(_team_of(rule), self.asked.region_id)
        self._say("office", office=rule.office.name)
        return [one for one in self.board.people_of(_team_of(rule), None) if one.office_id == rule.office_id]

    def _below(self, people: list[User], percent: int) -> list[User]:
        """Those whose workload is below a share of their capacity; the others are named."""
        loads = self.board.loads(people)
        free = [person for person in people if loads[person.pk].ratio * 100 < percent]
        self._pass_over("too_busy", [person for person in people if person not in free], percent=percent)
        return free

    def _goes_to_region(self, rule: RoutingRule) -> bool:
        region_id = self.asked.region_id
        people = self.board.advisers_in(region_id) if region_id else []
        if not people or not region_id:
            return False
        self._say("region" if rule.is_last_resort else "rule_region", region=self.board.region(region_id).name_fr)
        found = self._lightest(people, below=rule.load_below)
        if found is None:
            return False
        self.route.adviser, self.route.team = found, self.board.team_in(region_id, found)
        return True

    def _lightest(self, people: list[User], *, below: int | None = None) -> User | None:
        """The present person with the lightest load, telling why; None when nobody is, or nobody below `below` %."""
        present = [person for person in people if self._is_present(person)]
        self._pass_over("absent", [person for person in people if person.pk in self.absent])
        if below:
            present = self._below(present, below)
        if not present:
            return None
        invited = [person for person in present if person.is_only_invited]
        if invited and len(invited) < len(present):
            self._pass_over("not_here_yet", invited)
            present = [person for person in present if not person.is_only_invited]
        loads = self.board.loads(present)
        chosen = min(present, key=lambda p: (loads[p.pk].ratio, loads[p.pk].open, loads[p.pk].last or NEVER, p.pk))
        load = loads[chosen.pk]
        if len(present) == 1:
            self._say("only_one", adviser=chosen.full_name)
        else:
            self._say(
                "least_loaded",
                adviser=chosen.full_name,
                count=len(present),
                open=load.open,
                capacity=load.capacity,
            )
        if load.ratio >= 1:
            self._say("over_capacity")
            self.route.needs_alert = True
        self._tell_invited(chosen)
        return chosen

    def _tell_invited(self, person: User) -> None:
        """Who has never signed in may not answer: the managers should know."""
        if person.is_only_invited:
            self._say("never_signed_in", adviser=person.full_name)
            self.route.needs_alert = True

    def _goes_to_manager(self, rule: RoutingRule) -> bool:
        team = self._team_behind()
        present = [person for person in self.board.managers_of(team) if self._is_present(person)] if team else []
        if rule.load_below:
            present = self._below(present, rule.load_below)
        if not present:
            return False
        # Stable: those who can answer first, each group in its order.
        present.sort(key=lambda person: person.is_only_invited)
        self.route.needs_alert = True
        self.route.adviser, self.route.team = present[0], team
        self._say("manager" if rule.is_last_resort else "rule_manager", adviser=present[0].full_name)
        self._tell_invited(present[0])
        return True

    def _waits_at_home(self) -> bool:
        team = self.route.team = self._team_behind()
        self.route.needs_alert = True
        self._say("queue", team=team.name if team else "–")
        return True

    def _team_behind(self) -> Organisation | None:
        if not self.asked.region_id and not any(why["code"] == "no_region" for why in self.route.reasons):
            self._say("no_region")
        return self.board.team_behind(self.asked.region_id)


def _team_of(rule: RoutingRule) -> Organisation:
    """The organisation of a rule that does not send to the referent: the database demands one."""
    assert rule.organisation is not None
    return rule.organisation


def _team_in_region(adviser: User, region_id: str) -> Organisation:
    membership = (
        Membership.objects.current()
        .filter(user=adviser, organisation__region=region_id, role=Role.ADVISER)
        .select_related("organisation")
        .order_by("-is_default", "pk")
    )
    return membership[0].organisation


def _team_behind(region_id: str | None) -> Organisation | None:
    """The region's chamber, which keeps its counter; else another team of the region; else the national agency."""
    teams = Organisation.objects.working().partners().order_by("pk")
    local = (
        teams.filter(level=Level.REGIONAL, region=region_id).exclude(kind=Kind.REGION) if region_id else teams.none()
    )
    return (
        local.filter(kind=Kind.CHAMBER).first()
        or local.first()
        or teams.filter(kind=Kind.AGENCY, level=Level.NATIONAL).first()
    )
