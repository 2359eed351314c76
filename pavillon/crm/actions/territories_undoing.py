"""A change of territories is undone as one: what still stands as it left it goes back, the rest stays and is told."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, record_each
from pavillon.core.changes import Changes
from pavillon.crm.actions.telling_territories import tell_portfolios
from pavillon.crm.actions.territories import (
    BEGUN,
    ONE_DAY,
    NameTaken,
    NothingMoves,
    in_batches,
    lock_companies,
    lock_territories,
    note_balance,
    note_new_referents,
    tell_progress,
)
from pavillon.crm.enums import TerritoryDeed
from pavillon.crm.events import referents_set
from pavillon.crm.models import PortfolioMove, Referent, Territory, TerritoryArea, TerritoryChange
from pavillon.crm.queries.territory_undoing import goes_back_whole, has_not_begun, undoing_of
from pavillon.directory.models import Company

Line = tuple[tuple[Referent, Company], Changes, dict[str, object]]


class AlreadyUndone(Exception):
    """Somebody undid the change meanwhile, or it is an undoing itself."""


@transaction.atomic
def undo_territory_change(*, change: TerritoryChange, by: User) -> TerritoryChange:
    """Put back what still stands as a change left it. Raises AlreadyUndone, NothingMoves, NameTaken."""
    lock_territories(change.organisation)
    change = TerritoryChange.objects.with_names().get(pk=change.pk)
    if change.is_undone or change.deed == TerritoryDeed.UNDONE:
        raise AlreadyUndone(_("This change was undone already."))
    lock_companies(list(change.moves.values_list("company", flat=True)))
    back = undoing_of(change)
    if back.name_taken:
        raise NameTaken(_("%(name)s exists already: rename it, then undo again.") % {"name": back.name_taken})
    if back.is_empty:
        raise NothingMoves(_("Everything has moved since: there is nothing left to undo."))
    undone = TerritoryChange.objects.create(
        organisation=change.organisation,
        region=change.region,
        deed=TerritoryDeed.UNDONE,
        undoes=change,
        named=change.named,
        starts_on=timezone.localdate(),
        decided_by=by,
        decided_at=timezone.now(),
        before=change.after,
    )
    _put_areas_back(undone, back.closes, back.reopens)
    Territory.objects.filter(pk__in=[one.pk for one in back.ends]).update(ended_by=undone)
    Territory.objects.filter(pk__in=[one.pk for one in back.revives]).update(ended_by=None)
    if back.renames is not None:
        former = change.before["changed"]
        Territory.objects.filter(pk=back.renames.pk).update(name=former["name"], adviser_id=former["adviser_id"])
    tell_progress(BEGUN)
    for batch in in_batches(back.moves):
        _pass_back(undone, batch, by)
    if back.moves:
        referents_set.send(sender=Referent, companies=[move.company_id for move in back.moves], by=by)
        tell_portfolios(undone)
    tell_progress(90, len(back.moves))
    note_balance(undone)
    record(
        "crm.territory_change_undone",
        undone,
        change,
        by=by,
        named=change.named,
        companies=len(back.moves),
        stayed=len(back.moves_gone),
    )
    return undone


def _put_areas_back(undone: TerritoryChange, closes: Sequence[int], reopens: Sequence[TerritoryArea]) -> None:
    """The very rows stand again, so that the change before can be undone in its turn."""
    TerritoryArea.objects.filter(pk__in=closes).update(closed_by=undone)
    TerritoryArea.objects.filter(pk__in=[area.pk for area in reopens]).update(closed_by=None)


def _pass_back(undone: TerritoryChange, moves: Sequence[PortfolioMove], by: User) -> None:
    """The former referents answer again. Who has not begun before today leaves no day behind."""
    today = undone.starts_on
    whole = [move for move in moves if goes_back_whole(move, today)]
    again = [move for move in moves if not goes_back_whole(move, today)]
    begun = [move for move in again if not has_not_begun(move, today)]
    # Whom an undoing of today named leaves no day behind either: the former one begins today in his place.
    of_today = [move for move in again if has_not_begun(move, today)]
    record_each("crm.referent_ended", _end(begun, today - ONE_DAY), by=by)
    record_each("crm.referent_taken_back", _lines(of_today, "after"), by=by)
    Referent.objects.filter(pk__in=[move.after_id for move in of_today]).delete()
    record_each("crm.referent_taken_back", _lines(whole, "after"), by=by)
    record_each("crm.referent_restored", _lines(whole, "before"), by=by)
    again = [move for move in again if move.before is not None]
    made = Referent.objects.bulk_create(
        (
            Referent(
                company_id=move.company_id,
                adviser_id=move.before.adviser_id,
                organisation_id=move.before.organisation_id,
                starts_on=today,
                ends_on=move.before_ends_on if move.before_ends_on and move.before_ends_on >= today else None,
                reason=str(undone),
                decided_by=by,
            )
            for move in again
            if move.before is not None
        ),
        batch_size=2000,
    )
    now = {referent.company_id: referent for referent in made}
    PortfolioMove.objects.bulk_create(
        (
            PortfolioMove(
                change=undone,
                company_id=move.company_id,
                before_id=None if has_not_begun(move, today) else move.after_id,
                after_id=move.before_id
                if goes_back_whole(move, today)
                else getattr(now.get(move.company_id), "pk", None),
                from_adviser_id=move.to_adviser_id,
                to_adviser_id=move.from_adviser_id,
            )
            for move in moves
        ),
        batch_size=2000,
    )
    note_new_referents(made, {move.company_id: move.to_adviser_id for move in again}, by)
    # Last: until here the rows say whom they named.
    Referent.objects.filter(pk__in=[move.after_id for move in whole]).delete()
    _lengthen(whole)


def _end(moves: Sequence[PortfolioMove], last_day: datetime.date) -> list[Line]:
    rows = Referent.objects.filter(pk__in=[move.after_id for move in moves])
    rows.update(ends_on=last_day, changed_at=timezone.now())
    return [_line(move.after, {"ends_on": [None, last_day]}) for move in moves if move.after is not None]


def _lines(moves: Sequence[PortfolioMove], side: str) -> list[Line]:
    """Lines of the trail about whoever was named and has not begun ("after"), or stays for it ("before")."""
    found = []
    for move in moves:
        referent = getattr(move, side)
        if referent is not None:
            changes = {"ends_on": [referent.ends_on, move.before_ends_on]} if side == "before" else {}
            found.append(_line(referent, changes))
    return found


def _line(referent: Referent, changes: Changes) -> Line:
    return (referent, Company(pk=referent.company_id)), changes, {"adviser": referent.adviser_id}


def _lengthen(moves: Sequence[PortfolioMove]) -> None:
    """Former referents stay as long as they would have without the change; one statement for each end."""
    ends: dict[datetime.date | None, list[int]] = {}
    for move in moves:
        if move.before_id is not None:
            ends.setdefault(move.before_ends_on, []).append(move.before_id)
    for ends_on, numbers in ends.items():
        Referent.objects.filter(pk__in=numbers).update(ends_on=ends_on, changed_at=timezone.now())
