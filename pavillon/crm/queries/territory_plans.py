"""What a change of territories would do, before anybody does it: places, portfolios, balance."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from pavillon.accounts.models import Organisation, User
from pavillon.crm.enums import PortfolioChoice, TerritoryDeed
from pavillon.crm.models import Territory
from pavillon.crm.queries.profiles import settings_in_force
from pavillon.crm.queries.territory_areas import (
    Area,
    Choice,
    Ground,
    HeldArea,
    chosen_in,
    cut,
    free_of,
    ground_of,
    held_areas,
)
from pavillon.crm.queries.territory_figures import (
    LIES_IN,
    Balance,
    Figures,
    Holder,
    added_up,
    balance_of,
    figures_of,
    holders_today,
)
from pavillon.reference.models import Region

# {(number of the former referent, of the next one): numbers of companies}; None is nobody.
Passages = dict[tuple[int | None, int | None], list[int]]
# The key of a territory that a plan would make.
NEW = "new"

_AREAS = (
    """JOIN unnest(%(communes)s::text[], %(postal_codes)s::text[], %(sectors)s::text[])
    AS a (commune, postal_code, sector) ON """
    + LIES_IN
)
_STANDING = "c.region_id = %(region)s AND c.merged_into_id IS NULL AND c.closed_on IS NULL"
# Somebody begins on that day or later: what is planned is not overturned.
_PLANNED = "EXISTS (SELECT FROM crm_referent n WHERE n.company_id = c.id AND n.starts_on >= %(day)s)"
_OWN = f"""
SELECT c.id, r.id, r.ends_on, {_PLANNED}
FROM crm_referent r JOIN directory_company c ON c.id = r.company_id {{areas}}
WHERE r.adviser_id = %(giver)s AND r.organisation_id = %(organisation)s AND r.starts_on <= %(day)s
    AND (r.ends_on IS NULL OR r.ends_on >= %(day)s) AND {_STANDING}
"""  # noqa: S608
_FREE = f"""
SELECT c.id, NULL::bigint, NULL::date, {_PLANNED}
FROM crm_companyprofile p JOIN directory_company c ON c.id = p.company_id {{areas}}
WHERE p.score >= %(threshold)s AND p.export_class <> 'not_exporter' AND {_STANDING}
    AND NOT EXISTS (SELECT FROM crm_referent r WHERE r.company_id = c.id AND r.starts_on <= %(day)s
        AND (r.ends_on IS NULL OR r.ends_on >= %(day)s))
"""  # noqa: S608


class Passing(NamedTuple):
    """A company whose referent changes: the row of the former one, and until when he was to stay."""

    company: int
    before: int | None
    before_ends_on: datetime.date | None


@dataclass(frozen=True)
class Handing:
    """What passes with a change: to whom, from whom, from which day on, of which companies."""

    to: User | None
    giver: User | None
    day: datetime.date
    portfolio: str


@dataclass(frozen=True)
class Plan:
    """A change as it would be done. `opened`: areas by the key of the territory that gets them."""

    deed: str
    organisation: Organisation
    region: Region
    named: list[str]
    handing: Handing
    holders: list[Holder]
    closed: list[HeldArea] = field(default_factory=list)
    opened: list[tuple[str, Area]] = field(default_factory=list)
    ended: Territory | None = None
    # The key of the territory that gets places or companies; "" when it is none of them.
    target: str = ""
    passing: list[Passing] = field(default_factory=list)
    # Companies that would have passed, but for a change that is planned already or began on that very day.
    left_out: int = 0
    before: Balance = field(default_factory=lambda: Balance([], Figures()))
    after: Balance = field(default_factory=lambda: Balance([], Figures()))
    # (commune, key of the territory before, key after): what the map draws.
    places: list[tuple[Area, str, str]] = field(default_factory=list)

    @property
    def new_holder(self) -> Holder | None:
        return next((holder for holder in self.holders if holder.key == NEW), None)

    @property
    def moved_communes(self) -> int:
        return len({area.commune for area, before, after in self.places if before != after})

    @property
    def gained(self) -> int:
        """How many of the companies had nobody."""
        return sum(1 for one in self.passing if one.before is None)

    @property
    def passed(self) -> int:
        return len(self.passing) - self.gained

    @property
    def by_pair(self) -> Passages:
        """The companies that pass between two people: one pair, and those that had nobody."""
        pairs: Passages = {}
        giver, to = ((who.pk if who else None) for who in (self.handing.giver, self.handing.to))
        for one in self.passing:
            pairs.setdefault((giver if one.before else None, to), []).append(one.company)
        return pairs

    @property
    def is_empty(self) -> bool:
        return not (self.closed or self.opened or self.ended or self.passing)

    @property
    def fingerprint(self) -> str:
        """The same as long as the same places and companies would move to the same people."""
        said: list[Any] = [
            self.deed,
            sorted(held.row for held in self.closed),
            sorted((key, *area) for key, area in self.opened),
            sorted(self.passing, key=lambda one: one.company),
            [(holder.key, holder.name, holder.adviser.pk) for holder in self.holders],
            [self.handing.to.pk if self.handing.to else None, self.handing.day],
        ]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


def passing_companies(
    organisation: Organisation, region: Region, handing: Handing, areas: Sequence[Area] | None
) -> tuple[list[Passing], int]:
    """(companies that would pass, how many are left out); two statements at most. `areas` None: all over the region."""
    if handing.to is None or handing.portfolio == PortfolioChoice.NONE or areas == []:
        return [], 0
    values: dict[str, Any] = {
        "organisation": organisation.pk,
        "region": region.pk,
        "giver": handing.giver.pk if handing.giver else None,
        "day": handing.day,
        "threshold": settings_in_force().potential_score,
        "communes": [area.commune for area in areas or ()],
        "postal_codes": [area.postal_code for area in areas or ()],
        "sectors": [area.sector for area in areas or ()],
    }
    statements = [_OWN] if handing.giver is not None and handing.giver != handing.to else []
    statements += [_FREE] if handing.portfolio == PortfolioChoice.OWN_AND_FREE else []
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(areas=_AREAS if areas is not None else ""), values)
            rows += cursor.fetchall()
    passing = sorted(Passing(*row) for *row, is_planned in rows if not is_planned)
    return passing, len(rows) - len(passing)


def _weighed(plan: Plan, held: Sequence[HeldArea], taken: Sequence[Area] | None) -> Plan:
    """The plan with its portfolios and with the balance before and after; the figures are one statement."""
    passing, left_out = passing_companies(plan.organisation, plan.region, plan.handing, taken)
    pieces = _pieces(plan, held)
    figures, outside = figures_of(plan.organisation, plan.region, [area for area, _before, _after in pieces])
    before = added_up([key for _area, key, _after in pieces], figures)
    after = added_up([key for _area, _before, key in pieces], figures)
    outside_before = outside + before.pop("", Figures())
    outside_after = outside + after.pop("", Figures())
    gained = sum(1 for one in passing if one.before is None)
    if gained and plan.target:
        present = after.get(plan.target, Figures())
        after[plan.target] = replace(present, followed=present.followed + gained)
    return replace(
        plan,
        passing=passing,
        left_out=left_out,
        before=balance_of(holders_today(plan.organisation, plan.region), before, outside_before),
        after=balance_of(plan.holders, after, outside_after),
        places=pieces,
    )


def _pieces(plan: Plan, held: Sequence[HeldArea]) -> list[tuple[Area, str, str]]:
    """Every place, as fine as the plan cuts, with the key of its territory before and after; "" is none."""
    closed = {one.row for one in plan.closed}
    pieces = [(one.area, str(one.territory), str(one.territory)) for one in held if one.row not in closed]
    if plan.deed == TerritoryDeed.RETIRED:
        return pieces + [(one.area, str(one.territory), "") for one in plan.closed]
    by_commune: dict[str, list[HeldArea]] = {}
    for one in plan.closed:
        by_commune.setdefault(one.area.commune, []).append(one)
    for key, area in plan.opened:
        givers = [one for one in by_commune.get(area.commune, []) if one.area.meets(area)]
        pieces.append((area, str(givers[0].territory) if givers else "", key))
    return pieces


@dataclass(frozen=True)
class Asked:
    """What the forms of territories ask for in common."""

    handing: Handing
    choice: Choice = field(default_factory=Choice)
    # "accounts" or "potential": the platform proposes; "" as `choice` says.
    balanced_by: str = ""
    name: str = ""


def plan_territory(organisation: Organisation, region: Region, asked: Asked) -> Plan:
    """Draw a territory on places that no other of the organisation holds."""
    ground, held = ground_of(region), held_areas(organisation, region)
    free = free_of(chosen_in(ground, asked.choice), [one.area for one in held], ground)
    assert asked.handing.to is not None
    holders = [*holders_today(organisation, region), Holder(NEW, asked.name, asked.handing.to)]
    plan = Plan(
        TerritoryDeed.CREATED, organisation, region, [asked.name], asked.handing, holders,
        opened=[(NEW, area) for area in free], target=NEW,
    )  # fmt: skip
    return _weighed(plan, held, free)


def _cut_of(territory: Territory, asked: Asked, ground: Ground, own: Sequence[HeldArea]) -> dict[Area, Any]:
    if asked.balanced_by:
        return _proposed(territory, asked.balanced_by, ground, own)
    return cut([one.area for one in own], asked.choice, ground)


def _moved(territory: Territory, asked: Asked, to: str) -> tuple[list[HeldArea], list[HeldArea], list[Any], list[Area]]:
    """(all held areas, the rows that close, what opens for whom, the places taken) when part of a territory moves."""
    held = held_areas(territory.organisation, territory.region)
    own = [one for one in held if one.territory == territory.pk]
    parts = _cut_of(territory, asked, ground_of(territory.region), own)
    closed = [one for one in own if one.area in parts]
    taken = [area for chosen, _left in parts.values() for area in chosen]
    left = [area for _chosen, rest in parts.values() for area in rest]
    opened = [(to, area) for area in taken] + [(str(territory.pk), area) for area in left]
    return held, closed, opened, taken


def plan_split(territory: Territory, asked: Asked) -> Plan:
    """Give part of a territory to a new one; `balanced_by` lets the platform cut it in two equal halves."""
    held, closed, opened, taken = _moved(territory, asked, NEW)
    assert asked.handing.to is not None
    holders = [
        *holders_today(territory.organisation, territory.region),
        Holder(NEW, asked.name, asked.handing.to),
    ]
    handing = replace(asked.handing, giver=territory.adviser)
    plan = Plan(
        TerritoryDeed.SPLIT, territory.organisation, territory.region, [territory.name, asked.name], handing, holders,
        closed=closed, opened=opened, target=NEW,
    )  # fmt: skip
    return _weighed(plan, held, taken)


def plan_move(territory: Territory, other: Territory, asked: Asked) -> Plan:
    """Give part of a territory to another one."""
    held, closed, opened, taken = _moved(territory, asked, str(other.pk))
    handing = replace(asked.handing, giver=territory.adviser, to=other.adviser)
    plan = Plan(
        TerritoryDeed.MOVED, territory.organisation, territory.region, [territory.name, other.name], handing,
        holders_today(territory.organisation, territory.region), closed=closed, opened=opened, target=str(other.pk),
    )  # fmt: skip
    return _weighed(plan, held, taken)


def plan_merge(territory: Territory, other: Territory, asked: Asked) -> Plan:
    """Put all of `other` into `territory`, whose adviser takes over; `other` ends."""
    held = held_areas(territory.organisation, territory.region)
    closed = [one for one in held if one.territory == other.pk]
    handing = replace(asked.handing, giver=other.adviser, to=territory.adviser)
    today = holders_today(territory.organisation, territory.region)
    plan = Plan(
        TerritoryDeed.MERGED, territory.organisation, territory.region, [territory.name, other.name], handing,
        [holder for holder in today if holder.key != str(other.pk)],
        closed=closed, opened=[(str(territory.pk), one.area) for one in closed], ended=other,
        target=str(territory.pk),
    )  # fmt: skip
    return _weighed(plan, held, [one.area for one in closed])


def plan_retirement(territory: Territory) -> Plan:
    """Take a territory away: its places belong to nobody, its companies keep their referents."""
    held = held_areas(territory.organisation, territory.region)
    handing = Handing(None, territory.adviser, timezone.localdate(), PortfolioChoice.NONE)
    today = holders_today(territory.organisation, territory.region)
    plan = Plan(
        TerritoryDeed.RETIRED, territory.organisation, territory.region, [territory.name], handing,
        [holder for holder in today if holder.key != str(territory.pk)],
        closed=[one for one in held if one.territory == territory.pk], ended=territory,
    )  # fmt: skip
    return _weighed(plan, held, [])


def plan_change(territory: Territory, asked: Asked) -> Plan:
    """Rename a territory, or give it to another adviser with its portfolio."""
    held = held_areas(territory.organisation, territory.region)
    assert asked.handing.to is not None
    key = str(territory.pk)
    holders = [
        Holder(key, asked.name, asked.handing.to) if one.key == key else one
        for one in holders_today(territory.organisation, territory.region)
    ]
    handing = replace(asked.handing, giver=territory.adviser)
    plan = Plan(
        TerritoryDeed.CHANGED, territory.organisation, territory.region, [asked.name], handing, holders, target=key
    )
    return _weighed(plan, held, [one.area for one in held if one.territory == territory.pk])


def plan_reassignment(
    organisation: Organisation, region: Region, asked: Asked, territory: Territory | None = None
) -> Plan:
    """Hand companies of one adviser over to another: all of the region, or those of a territory or of some places."""
    held = held_areas(organisation, region)
    areas = None
    if territory is not None or not asked.choice.is_empty:
        ground = ground_of(region)
        areas = [one.area for one in held if one.territory == territory.pk] if territory else None
        places = cut(areas if areas is not None else [Area(code) for code in ground.communes], asked.choice, ground)
        areas = [part for taken, _left in places.values() for part in taken]
    holders = holders_today(organisation, region)
    named = [str(person) for person in (asked.handing.giver, asked.handing.to) if person]
    plan = Plan(TerritoryDeed.REASSIGNED, organisation, region, named, asked.handing, holders)
    return _weighed(plan, held, areas)


def _proposed(territory: Territory, measure: str, ground: Ground, own: Sequence[HeldArea]) -> dict[Area, Any]:
    """{area: ([area], [])} of the areas of one half: cut across the longer side where half of the measure lies."""
    figures, _outside = figures_of(territory.organisation, territory.region, [one.area for one in own])
    weights: dict[str, int] = {}
    for one, each in zip(own, figures, strict=True):
        weights[one.area.commune] = weights.get(one.area.commune, 0) + getattr(each, measure)
    half = set(_half(weights, ground))
    if half:
        return {one.area: ([one.area], []) for one in own if one.area.commune in half}
    return _half_of_a_town(territory, measure, ground, own)


def _half_of_a_town(territory: Territory, measure: str, ground: Ground, own: Sequence[HeldArea]) -> dict[Area, Any]:
    """One commune only: by its postal codes, in their order; nothing when it has one."""
    pieces = [(one.area, part) for one in own for part in ground.by_postal_code(one.area)]
    figures, _outside = figures_of(territory.organisation, territory.region, [part for _area, part in pieces])
    weights = [getattr(each, measure) for each in figures]
    so_far = 0
    taken: set[Area] = set()
    for (_area, part), weight in list(zip(pieces, weights, strict=True))[:-1]:
        if taken and so_far + weight / 2 > sum(weights) / 2:
            break
        so_far += weight
        taken.add(part)
    found: dict[Area, Any] = {}
    for area, part in pieces:
        found.setdefault(area, ([], []))[0 if part in taken else 1].append(part)
    return {area: parts for area, parts in found.items() if parts[0]}


def _half(weights: dict[str, int], ground: Ground) -> list[str]:
    """Communes on one side of the line that halves the weights, the northern or eastern side; one at least stays."""
    placed = [
        (ground.communes[code].longitude, ground.communes[code].latitude, code)
        for code in weights
        if code in ground.communes and ground.communes[code].latitude is not None
    ]
    if len(placed) < 2:
        return []
    widths = [max(one[side] for one in placed) - min(one[side] for one in placed) for side in (0, 1)]  # type: ignore[type-var, operator]
    # A degree of longitude is about two thirds of one of latitude in France.
    side = 0 if widths[0] * 0.68 > widths[1] else 1
    in_order = sorted(placed, key=lambda one: (one[side], one[2]), reverse=True)
    total, so_far = sum(weights.values()), 0
    half: list[str] = []
    for *_where, code in in_order[:-1]:
        if half and total and so_far + weights[code] / 2 > total / 2:
            break
        if not total and len(half) >= len(in_order) // 2:
            break
        so_far += weights[code]
        half.append(code)
    return half
