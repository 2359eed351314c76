"""What the rules recommend to one company, with the facts that fulfil them; what became of it, by rule."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pavillon.accounts.enums import Level as PlaceLevel
from pavillon.accounts.models import User
from pavillon.care.enums import Horizon, Intention, LineOrigin, LineState
from pavillon.care.models import Assessment, OfferLine, OfferRule
from pavillon.care.models.assessments import TOLD
from pavillon.care.queries.assessments import latest_of, plans_of
from pavillon.crm.enums import LeadKind, Lifecycle
from pavillon.crm.models import CompanyProfile, Lead
from pavillon.directory.models import Company
from pavillon.reference.models import Country, Sector
from pavillon.segments.models import Segment, SegmentMember
from pavillon.services.enums import OPEN_ORDERS, OrderState, ServiceKind
from pavillon.services.models import Service, ServiceOrder
from pavillon.solutions.enums import GAP_BELOW
from pavillon.solutions.models import Diagnosis, Solution, Theme
from pavillon.ui.words import day as day_in_words

# The lines of an offer that can still be read.
MOST = 8
# Requests and deliveries of so many days speak; what was delivered or declined within these is not recommended again.
YEAR, QUIET = 365, 180

REASONS = {
    "capacity": gettext_noop("Export capacity %(level)s of 5, on %(day)s"),
    "intention": gettext_noop("Its intention: %(intention)s"),
    "horizon": gettext_noop("Its horizon: %(horizon)s"),
    "country": gettext_noop("Aims at %(country)s"),
    "sector": gettext_noop("Its sector: %(sector)s"),
    "lifecycle": gettext_noop("Its relation with us: %(lifecycle)s"),
    "theme": gettext_noop("A gap in its diagnosis: %(theme)s, %(score)s of 100"),
    "asked_for": gettext_noop("It asked for it: %(kind)s, on %(day)s"),
    "delivered": gettext_noop("After a service delivered on %(day)s: %(kind)s"),
    "segment": gettext_noop("In the segment “%(segment)s”"),
}
Reason = tuple[str, dict[str, Any], bool]


@dataclass
class Facts:
    """What is known of one company, as far as its adviser may see; a handful of statements."""

    company: Company
    assessment: Assessment | None = None
    plans: Assessment | None = None
    countries: dict[str, bool] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    lifecycle: str = ""
    asked: dict[str, datetime.datetime] = field(default_factory=dict)
    delivered: dict[str, datetime.date] = field(default_factory=dict)
    segments: set[int] = field(default_factory=set)
    # Not to be recommended: what is under way, was delivered or declined lately.
    services: set[int] = field(default_factory=set)
    solutions: set[int] = field(default_factory=set)


def facts_about(company: Company, user: User, rules: Iterable[OfferRule]) -> Facts:
    """Profile, history and segments of a company; the last fact of each kind counts."""
    found, now = Facts(company, latest_of(company, user), plans_of(company, user)), timezone.now()
    year = now - datetime.timedelta(days=YEAR)
    if found.plans is not None:
        own = found.plans.source in TOLD
        found.countries = {country.pk: own for country in found.plans.countries.all()}
    diagnosis = Diagnosis.objects.visible_to(user).filter(company=company).finished().order_by("-finished_at").first()
    if diagnosis is not None:
        found.gaps = {slug: score for slug, score in diagnosis.theme_scores.items() if score < GAP_BELOW}
    profile = CompanyProfile.objects.visible_to(user).filter(pk=company.pk).first()
    found.lifecycle = profile.lifecycle if profile else ""
    for lead in Lead.objects.visible_to(user).filter(company=company, received_at__gte=year).order_by("received_at"):
        # What the house found by itself was not asked.
        if lead.requested_by_id or lead.is_spontaneous:
            found.asked[lead.kind] = lead.received_at
            if lead.country_id:
                found.countries[lead.country_id] = True
    _history(found, user, now, year)
    numbers = {rule.segment_id for rule in rules if rule.segment_id}
    members = SegmentMember.objects.filter(segment__in=numbers, member=company.pk) if numbers else ()
    found.segments = {member.segment_id for member in members}
    return found


def _history(found: Facts, user: User, now: datetime.datetime, year: datetime.datetime) -> None:
    company, quiet = found.company, now - datetime.timedelta(days=QUIET)
    orders = ServiceOrder.objects.visible_to(user).filter(company=company).select_related("service")
    for order in orders.exclude(state=OrderState.CANCELLED).order_by("proposed_at"):
        if order.delivered_on and order.delivered_on >= timezone.localdate(year):
            found.delivered[order.service.kind] = order.delivered_on
        if order.state in OPEN_ORDERS or (order.delivered_at and order.delivered_at >= quiet):
            found.services.add(order.service_id)
    declined = OfferLine.objects.visible_to(user).filter(offer__company=company, state=LineState.DECLINED)
    for line in declined.filter(answered_at__gte=quiet):
        if line.service_id:
            found.services.add(line.service_id)
        elif line.solution_id:
            found.solutions.add(line.solution_id)


def fulfilled(rule: OfferRule, facts: Facts) -> list[Reason] | None:
    """The facts that fulfil every condition of a rule; None when one is not met."""
    told = [_CHECKS[name](rule, facts) for name in _CHECKS if _asks(rule, name)]
    return None if not told or None in told else [reason for reason in told if reason]


def _asks(rule: OfferRule, name: str) -> bool:
    if name == "capacity":
        return rule.capacity_from is not None or rule.capacity_to is not None
    return bool(getattr(rule, f"{name}_id", "") or getattr(rule, name, ""))


def _capacity(rule: OfferRule, facts: Facts) -> Reason | None:
    one = facts.assessment
    if one is None or not (rule.capacity_from or 1) <= one.capacity <= (rule.capacity_to or 5):
        return None
    return "capacity", {"level": one.capacity, "day": one.assessed_on.isoformat()}, one.source in TOLD


def _of_plans(name: str) -> Any:
    def check(rule: OfferRule, facts: Facts) -> Reason | None:
        one = facts.plans
        if one is None or getattr(one, name) != getattr(rule, name):
            return None
        return name, {name: getattr(one, name)}, one.source in TOLD

    return check


def _country(rule: OfferRule, facts: Facts) -> Reason | None:
    wanted = rule.country_id or ""
    return ("country", {"country": wanted}, facts.countries[wanted]) if wanted in facts.countries else None


def _sector(rule: OfferRule, facts: Facts) -> Reason | None:
    is_met = facts.company.sector_id == rule.sector_id
    return ("sector", {"sector": rule.sector_id}, True) if is_met else None


def _lifecycle(rule: OfferRule, facts: Facts) -> Reason | None:
    return ("lifecycle", {"lifecycle": rule.lifecycle}, False) if facts.lifecycle == rule.lifecycle else None


def _theme(rule: OfferRule, facts: Facts) -> Reason | None:
    slug = str(rule.theme_id)
    return ("theme", {"theme": slug, "score": facts.gaps[slug]}, True) if slug in facts.gaps else None


def _asked_for(rule: OfferRule, facts: Facts) -> Reason | None:
    at = facts.asked.get(rule.asked_for)
    return ("asked_for", {"kind": rule.asked_for, "day": timezone.localdate(at).isoformat()}, True) if at else None


def _delivered(rule: OfferRule, facts: Facts) -> Reason | None:
    on = facts.delivered.get(rule.delivered_kind)
    return ("delivered", {"kind": rule.delivered_kind, "day": on.isoformat()}, True) if on else None


def _segment(rule: OfferRule, facts: Facts) -> Reason | None:
    return ("segment", {"segment": rule.segment_id}, False) if rule.segment_id in facts.segments else None


_CHECKS = {
    "capacity": _capacity,
    "intention": _of_plans("intention"),
    "horizon": _of_plans("horizon"),
    "country": _country,
    "sector": _sector,
    "lifecycle": _lifecycle,
    "theme": _theme,
    "asked_for": _asked_for,
    "delivered_kind": _delivered,
    "segment": _segment,
}


@dataclass
class Recommendation:
    """One thing that rules recommend, the rules, and the facts that fulfil them."""

    target: Service | Solution
    weight: int = 0
    rules: list[OfferRule] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)


def recommend(company: Company, user: User) -> list[Recommendation]:
    """The services and solutions that the rules in force recommend to a company, the heaviest first."""
    rules = list(OfferRule.objects.in_force().with_names())
    facts = facts_about(company, user, rules)
    found: dict[tuple[type[Any], int], Recommendation] = {}
    for rule in rules:
        reasons = fulfilled(rule, facts) if _is_offered(rule, facts) else None
        if reasons is None:
            continue
        one = found.setdefault((type(rule.target), rule.target.pk), Recommendation(rule.target))
        one.weight += rule.weight
        one.rules.append(rule)
        one.reasons += [reason for reason in reasons if reason not in one.reasons]
    return sorted(found.values(), key=lambda one: (-one.weight, str(one.target)))[:MOST]


def _is_offered(rule: OfferRule, facts: Facts) -> bool:
    """Whether it can be had by this company now: offered, of its region or of all, and not said or done lately."""
    if rule.service is not None:
        place, region = rule.service.provider, facts.company.region_id
        elsewhere = place.level == PlaceLevel.REGIONAL and place.region_id and place.region_id != region
        return rule.service.is_active and not elsewhere and rule.service_id not in facts.services
    assert rule.solution is not None
    return rule.solution.is_published and rule.solution_id not in facts.solutions


@dataclass(frozen=True)
class Words:
    """Names that reasons are told with, fetched at once for all lines of a page."""

    countries: dict[Any, str]
    sectors: dict[Any, str]
    themes: dict[Any, str]
    segments: dict[Any, str]


def words_for(lines: Iterable[OfferLine]) -> Words:
    """At most four statements, whatever the number of lines."""
    wanted: dict[str, set[Any]] = {"country": set(), "sector": set(), "theme": set(), "segment": set()}
    for line in lines:
        for _code, facts, _own in line.reasons:
            for name, keys in wanted.items():
                if name in facts:
                    keys.add(facts[name])

    def names(model: type[Any], keys: set[Any]) -> dict[Any, str]:
        return {key: str(row) for key, row in model.objects.in_bulk(keys).items()} if keys else {}

    return Words(
        names(Country, wanted["country"]),
        names(Sector, wanted["sector"]),
        names(Theme, wanted["theme"]),
        names(Segment, wanted["segment"]),
    )


def told_reasons(line: OfferLine, words: Words, *, to_company: bool = False) -> list[str]:
    """Why a line is there, in the reader's language; to the company only what it told itself."""
    reasons = [(code, facts) for code, facts, own in line.reasons if own or not to_company]
    return [_(REASONS[code]) % _told(facts, words) for code, facts in reasons if code in REASONS]


def _told(facts: dict[str, Any], words: Words) -> dict[str, Any]:
    values = dict(facts)
    for name, names in (
        ("country", words.countries), ("sector", words.sectors), ("theme", words.themes), ("segment", words.segments),
    ):  # fmt: skip
        if name in values:
            values[name] = names.get(values[name], values[name])
    for name, choices in (("intention", Intention), ("horizon", Horizon), ("lifecycle", Lifecycle)):
        if name in values:
            values[name] = choices(values[name]).label
    if "kind" in values:
        kind = values["kind"]
        values["kind"] = (LeadKind(kind) if kind in LeadKind.values else ServiceKind(kind)).label
    if "day" in values:
        values["day"] = day_in_words(datetime.date.fromisoformat(values["day"]))
    return values


def conditions_in_words(rule: OfferRule) -> list[str]:
    """To whom a rule recommends, one line a condition."""
    told = []
    if rule.capacity_from or rule.capacity_to:
        low, high = rule.capacity_from or 1, rule.capacity_to or 5
        told.append(_("Export capacity from %(low)s to %(high)s of 5") % {"low": low, "high": high})
    for code, values in (
        ("intention", rule.intention and {"intention": Intention(rule.intention).label}),
        ("horizon", rule.horizon and {"horizon": Horizon(rule.horizon).label}),
        ("country", rule.country and {"country": rule.country}),
        ("sector", rule.sector and {"sector": rule.sector}),
        ("lifecycle", rule.lifecycle and {"lifecycle": Lifecycle(rule.lifecycle).label}),
        ("segment", rule.segment and {"segment": rule.segment}),
    ):
        if values:
            told.append(_(REASONS[code]) % values)
    if rule.theme:
        told.append(_("A gap in its diagnosis: %(theme)s") % {"theme": rule.theme})
    if rule.asked_for:
        told.append(_("It asked within a year: %(kind)s") % {"kind": LeadKind(rule.asked_for).label})
    if rule.delivered_kind:
        told.append(_("After a service delivered: %(kind)s") % {"kind": ServiceKind(rule.delivered_kind).label})
    return told


@dataclass(frozen=True)
class RuleWorth:
    """What became of the lines that all versions of one rule recommended, as far as the reader may see them."""

    rule: OfferRule
    conditions: list[str]
    recommended: int = 0
    removed: int = 0
    proposed: int = 0
    accepted: int = 0
    declined: int = 0
    ordered: int = 0

    @property
    def acceptance(self) -> int | None:
        """Percent of the lines that companies answered."""
        answered = self.accepted + self.declined
        return round(100 * self.accepted / answered) if answered else None


def worth_of_offer_rules(user: User, rules: Sequence[OfferRule]) -> list[RuleWorth]:
    """Measured on what advisers and companies did; one statement."""
    proposed = Q(offer__proposed_at__isnull=False) & ~Q(state=LineState.REMOVED)
    rows = (
        OfferLine.objects.visible_to(user)
        .filter(origin=LineOrigin.RULE, rules__isnull=False)
        .order_by()
        .values(number=F("rules__number"))
        .annotate(
            recommended=Count("pk", distinct=True),
            removed=Count("pk", filter=Q(state=LineState.REMOVED), distinct=True),
            proposed=Count("pk", filter=proposed, distinct=True),
            accepted=Count("pk", filter=Q(state=LineState.ACCEPTED), distinct=True),
            declined=Count("pk", filter=Q(state=LineState.DECLINED), distinct=True),
            ordered=Count("pk", filter=Q(order__isnull=False), distinct=True),
        )
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    told = {row.pop("number"): row for row in found}
    return [RuleWorth(rule, conditions_in_words(rule), **told.get(rule.number, {})) for rule in rules]
