"""Territories are drawn, split, merged and given away whole: places and portfolios in one transaction, as previewed."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record, record_births, record_each
from pavillon.crm.actions.telling_territories import tell_portfolios
from pavillon.crm.events import referents_set
from pavillon.crm.models import PortfolioMove, Referent, Territory, TerritoryArea, TerritoryChange, TerritoryWork
from pavillon.crm.queries.territory_areas import held_areas
from pavillon.crm.queries.territory_figures import added_up, balance_of, figures_of, holders_today
from pavillon.crm.queries.territory_plans import (
    NEW,
    Asked,
    Passing,
    Plan,
    plan_change,
    plan_merge,
    plan_move,
    plan_reassignment,
    plan_retirement,
    plan_split,
    plan_territory,
)
from pavillon.directory.models import Company
from pavillon.reference.models import Region

ONE_DAY = datetime.timedelta(days=1)
# Companies written between two words about how far it is: a tenth of them, at least and at most so many.
FEWEST, BATCH = 50, 500
# Per cent before the first company and after the last.
BEGUN, WRITTEN = 10, 85
Row = TypeVar("Row")


class PlanMoved(Exception):
    """Places or portfolios moved since the preview: what would happen is no longer what was read."""


class NothingMoves(Exception):
    """The change would move no place and no company."""


class NameTaken(Exception):
    """Another territory of the organisation bears this name in the region."""


class TerritoryEnded(Exception):
    """The territory was merged into another or taken away meanwhile."""


class BeingChanged(Exception):
    """A worker is writing a large change of the organisation's territories: another one has to wait."""


Tell = Callable[[int, int], None]
# The work on behalf of which this runs, and who hears how far it is.
_work: ContextVar[tuple[int, Tell] | None] = ContextVar("territory_work", default=None)


@contextmanager
def telling(work: int, tell: Tell) -> Iterator[None]:
    """Run on behalf of a work, telling how far it is in per cent, and how many companies are written."""
    token = _work.set((work, tell))
    try:
        yield
    finally:
        _work.reset(token)


def tell_progress(percent: int, companies: int = 0) -> None:
    """Say how far a change is; nothing when a page waits for it."""
    if running := _work.get():
        running[1](percent, companies)


def in_batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Companies some at once, telling how many are written; they stand for most of the bar."""
    step = min(BATCH, max(FEWEST, len(rows) // 10))
    for start in range(0, len(rows), step):
        yield rows[start : start + step]
        done = min(start + step, len(rows))
        tell_progress(BEGUN + (WRITTEN - BEGUN) * done // len(rows), done)


def lock_territories(organisation: Organisation) -> None:
    """One change of an organisation's territories at a time. Raises BeingChanged while a worker writes another one."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    running = _work.get()
    others = TerritoryWork.objects.moving().filter(organisation=organisation).select_related("asked_by")
    other = others.exclude(pk=running[0] if running else 0).first()
    if other is not None:
        raise BeingChanged(
            _("%(person)s is changing these territories: %(companies)s companies pass. Try again when it is done.")
            % {"person": other.asked_by, "companies": other.companies}
        )


def lock_companies(numbers: Sequence[int]) -> None:
    """Whoever names a referent of one of them waits; in one order, so that no two changes wait for each other."""
    list(Company.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk").values_list("pk"))


def _standing(territory: Territory) -> Territory:
    territory = Territory.objects.with_names().get(pk=territory.pk)
    if not territory.is_in_force:
        raise TerritoryEnded(_("%(name)s is no territory in force any more.") % {"name": territory})
    return territory


def _planned(build: Callable[[], Plan], seen: str) -> Plan:
    """The plan as it is now, its companies locked. Raises PlanMoved unless it is the one that was previewed."""
    first = build()
    lock_companies([one.company for one in first.passing])
    plan = build()
    if plan.is_empty:
        raise NothingMoves(_("Nothing would move: choose other places or another adviser."))
    if plan.fingerprint != first.fingerprint or (seen and seen != plan.fingerprint):
        raise PlanMoved(_("Places or portfolios moved since the preview: read it again before you apply it."))
    return plan


def _apply(plan: Plan, reason: str, by: User) -> TerritoryChange:
    """Write a plan: areas, territories, referents; some statements for every batch of companies, none for one."""
    change = TerritoryChange.objects.create(
        organisation=plan.organisation,
        region=plan.region,
        deed=plan.deed,
        named=" · ".join(plan.named)[:200],
        reason=reason,
        starts_on=plan.handing.day,
        decided_by=by,
        decided_at=timezone.now(),
        before=plan.before.told(),
    )
    holder = plan.new_holder
    if plan.ended is not None:
        Territory.objects.filter(pk=plan.ended.pk).update(ended_by=change)
    made = None
    if holder is not None:
        try:
            with transaction.atomic():
                made = Territory.objects.create(
                    organisation=plan.organisation,
                    region=plan.region,
                    name=holder.name,
                    adviser=holder.adviser,
                    opened_by=change,
                )
        except IntegrityError as error:
            raise NameTaken(_("%(name)s exists already: choose another name.") % {"name": holder.name}) from error
    move_areas(plan, change, made)
    tell_progress(BEGUN)
    passed = pass_companies(change, plan.passing, plan.handing.to, reason, by)
    tell_progress(90, passed)
    note_balance(change)
    return change


def move_areas(plan: Plan, change: TerritoryChange, made: Territory | None) -> None:
    """Close the areas that move and open them where they go."""
    TerritoryArea.objects.filter(pk__in=[held.row for held in plan.closed]).update(closed_by=change)
    keys = {NEW: made.pk} if made else {}
    TerritoryArea.objects.bulk_create(
        (
            TerritoryArea(
                territory_id=keys.get(key) or int(key),
                organisation=plan.organisation,
                commune_id=area.commune,
                postal_code=area.postal_code,
                sector=area.sector,
                opened_by=change,
            )
            for key, area in plan.opened
        ),
        batch_size=2000,
    )


def pass_companies(
    change: TerritoryChange, passing: Sequence[Passing], to: User | None, reason: str, by: User | None
) -> int:
    """Let one person follow the present referents of some companies from the day of the change on; how many passed."""
    if to is None or not passing:
        return 0
    for batch in in_batches(passing):
        _pass_batch(change, batch, to, reason or str(change), by)
    referents_set.send(sender=Referent, companies=[one.company for one in passing], by=by)
    tell_portfolios(change)
    return len(passing)


def _pass_batch(change: TerritoryChange, passing: Sequence[Passing], to: User, reason: str, by: User | None) -> None:
    last_day = change.starts_on - ONE_DAY
    former = Referent.objects.in_bulk([one.before for one in passing if one.before])
    Referent.objects.filter(pk__in=former).update(ends_on=last_day, changed_at=timezone.now())
    referents = Referent.objects.bulk_create(
        (
            Referent(
                company_id=one.company,
                adviser=to,
                organisation=change.organisation,
                starts_on=change.starts_on,
                reason=reason,
                decided_by=by,
            )
            for one in passing
        ),
    )
    givers = {number: row.adviser_id for number, row in former.items()}
    PortfolioMove.objects.bulk_create(
        (
            PortfolioMove(
                change=change,
                company_id=one.company,
                before_id=one.before,
                before_ends_on=one.before_ends_on,
                after=referent,
                from_adviser_id=givers.get(one.before) if one.before else None,
                to_adviser=to,
            )
            for one, referent in zip(passing, referents, strict=True)
        ),
        batch_size=2000,
    )
    ended = [
        ((row, Company(pk=row.company_id)), {"ends_on": [row.ends_on, last_day]}, {"adviser": row.adviser_id})
        for row in former.values()
    ]
    record_each("crm.referent_ended", ended, by=by)
    note_new_referents(referents, {row.company_id: row.adviser_id for row in former.values()}, by)


def note_new_referents(referents: Sequence[Referent], givers: Mapping[int, int | None], by: User | None) -> None:
    """Each company's trail says who came, as after a hand-over of one; `givers`: who left, by company."""
    births = [
        (
            (referent, Company(pk=referent.company_id)),
            {
                "adviser": referent.adviser_id,
                "starts_on": referent.starts_on,
                "before": givers.get(referent.company_id),
            },
        )
        for referent in referents
    ]
    record_births("crm.referent_set", births, by=by)


def note_balance(change: TerritoryChange) -> None:
    """Keep the figures as they are after a change, beside those of before."""
    held = held_areas(change.organisation, change.region)
    figures, outside = figures_of(change.organisation, change.region, [one.area for one in held])
    now = added_up([str(one.territory) for one in held], figures)
    change.after = balance_of(holders_today(change.organisation, change.region), now, outside).told()
    change.save(update_fields=["after"])


@transaction.atomic
def create_territory(
    *, organisation: Organisation, region: Region, asked: Asked, reason: str, by: User, seen: str = ""
) -> TerritoryChange:
    """Draw a territory on places that no other holds. Raises NothingMoves, NameTaken, PlanMoved."""
    lock_territories(organisation)
    plan = _planned(lambda: plan_territory(organisation, region, asked), seen)
    if not plan.opened:
        raise NothingMoves(_("Every place that you chose belongs to a territory already: move places instead."))
    change = _apply(plan, reason, by)
    record("crm.territory_created", change, by=by, name=change.named, areas=len(plan.opened))
    return change


@transaction.atomic
def split_territory(*, territory: Territory, asked: Asked, reason: str, by: User, seen: str = "") -> TerritoryChange:
    """Give part of a territory to a new one with its own adviser. Raises as create_territory, and TerritoryEnded."""
    lock_territories(territory.organisation)
    territory = _standing(territory)
    plan = _planned(lambda: plan_split(territory, asked), seen)
    if not plan.opened or len({key for key, _area in plan.opened} | _kept(plan, territory)) < 2:
        raise NothingMoves(_("One part would be empty: choose some of the places, not none and not all."))
    change = _apply(plan, reason, by)
    record("crm.territory_split", change, territory, by=by, named=change.named, companies=len(plan.passing))
    return change


def _kept(plan: Plan, territory: Territory) -> set[str]:
    """The key of the territory when it keeps an area whole."""
    key = str(territory.pk)
    return {after for _area, _before, after in plan.places if after == key}


@transaction.atomic
def move_territory_areas(
    *, territory: Territory, other: Territory, asked: Asked, reason: str, by: User, seen: str = ""
) -> TerritoryChange:
    """Give part of a territory to another one. Raises NothingMoves, PlanMoved, TerritoryEnded."""
    lock_territories(territory.organisation)
    territory, other = _standing(territory), _standing(other)
    plan = _planned(lambda: plan_move(territory, other, asked), seen)
    if not plan.opened:
        raise NothingMoves(_("None of these places lies in %(name)s.") % {"name": territory})
    if not _kept(plan, territory):
        raise NothingMoves(_("All of %(name)s would move: merge the two instead.") % {"name": territory})
    change = _apply(plan, reason, by)
    record("crm.territory_areas_moved", change, territory, other, by=by, named=change.named)
    return change


@transaction.atomic
def merge_territories(
    *, territory: Territory, other: Territory, asked: Asked, reason: str, by: User, seen: str = ""
) -> TerritoryChange:
    """Put all of another territory into this one; the other ends. Raises PlanMoved, TerritoryEnded."""
    lock_territories(territory.organisation)
    territory, other = _standing(territory), _standing(other)
    plan = _planned(lambda: plan_merge(territory, other, asked), seen)
    change = _apply(plan, reason, by)
    record("crm.territories_merged", change, territory, other, by=by, named=change.named)
    return change


@transaction.atomic
def retire_territory(*, territory: Territory, reason: str, by: User, seen: str = "") -> TerritoryChange:
    """Take a territory away: its places belong to nobody, companies keep their referents. Raises TerritoryEnded."""
    lock_territories(territory.organisation)
    territory = _standing(territory)
    plan = _planned(lambda: plan_retirement(territory), seen)
    change = _apply(plan, reason, by)
    record("crm.territory_retired", change, territory, by=by, name=territory.name)
    return change


@transaction.atomic
def change_territory(*, territory: Territory, asked: Asked, reason: str, by: User, seen: str = "") -> TerritoryChange:
    """Rename a territory, or give it to another adviser with its portfolio. Raises as the others."""
    lock_territories(territory.organisation)
    territory = _standing(territory)
    first = plan_change(territory, asked)
    lock_companies([one.company for one in first.passing])
    plan = plan_change(territory, asked)
    if plan.fingerprint != first.fingerprint or (seen and seen != plan.fingerprint):
        raise PlanMoved(_("Places or portfolios moved since the preview: read it again before you apply it."))
    before = {"name": territory.name, "adviser_id": territory.adviser_id}
    assert asked.handing.to is not None
    territory.name, territory.adviser = asked.name, asked.handing.to
    after = {"name": territory.name, "adviser_id": territory.adviser_id}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes and not plan.passing:
        raise NothingMoves(_("Nothing would move: choose other places or another adviser."))
    try:
        with transaction.atomic():
            territory.save()
    except IntegrityError as error:
        raise NameTaken(_("%(name)s exists already: choose another name.") % {"name": asked.name}) from error
    change = _apply(plan, reason, by)
    change.before = {**change.before, "changed": {"territory": territory.pk, **before}}
    change.save(update_fields=["before"])
    record("crm.territory_changed", change, territory, by=by, changes=changes)
    return change


@transaction.atomic
def reassign_portfolio(
    *,
    organisation: Organisation,
    region: Region,
    asked: Asked,
    reason: str,
    by: User,
    territory: Territory | None = None,
    seen: str = "",
) -> TerritoryChange:
    """Hand many companies of one adviser over to another at once. Raises NothingMoves, PlanMoved."""
    lock_territories(organisation)
    plan = _planned(lambda: plan_reassignment(organisation, region, asked, territory), seen)
    change = _apply(plan, reason, by)
    record("crm.portfolio_reassigned", change, by=by, companies=len(plan.passing))
    return change
