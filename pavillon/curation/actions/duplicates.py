"""What people say of likely duplicates."""

from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.curation.enums import PairState, Verdict
from pavillon.curation.models import ContactPair, Decision, DuplicatePair
from pavillon.directory.actions import merge_companies, undo_merge
from pavillon.directory.actions.moving import Moves
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.queries import match_descriptions, side_to_keep
from pavillon.matching.actions import label_pair
from pavillon.matching.models import LabelledPair

R = TypeVar("R", Company, Contact)

OUTCOME = {
    Verdict.MERGE: PairState.MERGED,
    Verdict.DISTINCT: PairState.DISTINCT,
    Verdict.GROUP: PairState.GROUP,
    Verdict.UNSURE: PairState.UNSURE,
}


class AlreadyDecided(Exception):
    """Somebody was quicker."""


class OpinionGiven(Exception):
    """Nobody gives both opinions on one pair."""


@transaction.atomic
def decide_pair(*, pair: DuplicatePair, verdict: Verdict, by: User, choices: dict[str, str] | None = None) -> Decision:
    """Say what a pair is: it is merged, or kept apart and not proposed again; the model learns from it.

    One pair in ten waits for a second person first. When both agree it is done, else it is disputed and decided by the
    third. `choices` are those of `directory.actions.merge_companies`. Raises AlreadyDecided, OpinionGiven, and what the
    merge raises.
    """
    pair = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if not pair.is_open:
        raise AlreadyDecided(_("This pair was decided meanwhile: %(state)s.") % {"state": pair.get_state_display()})
    earlier = list(pair.decisions.standing())
    if any(decision.decided_by_id == by.pk for decision in earlier):
        raise OpinionGiven(_("You gave your opinion already: a second person decides."))
    decision = Decision(pair=pair, verdict=verdict, state_before=pair.state, decided_by=by)
    if pair.is_doubled and not earlier and verdict != Verdict.UNSURE:
        pair.state = PairState.SECOND
    elif pair.state == PairState.SECOND and earlier[0].verdict != verdict:
        pair.state = PairState.DISPUTED
    else:
        pair.state, pair.decided_at = OUTCOME[verdict], timezone.now()
        if verdict in (Verdict.MERGE, Verdict.DISTINCT, Verdict.GROUP):
            _label(pair, is_match=verdict == Verdict.MERGE, by=by)
        if verdict == Verdict.MERGE:
            decision.event = _merge(pair, by, choices)
    pair.save(update_fields=["state", "decided_at"])
    decision.save()
    record("curation.pair_decided", pair.left, pair.right, by=by, verdict=str(verdict), state=str(pair.state))
    wake("curation.duplicates", audience="team")
    return decision


def _merge(pair: DuplicatePair, by: User, choices: dict[str, str] | None) -> MergeEvent:
    kept, removed = side_to_keep(pair.left, pair.right)
    return merge_companies(
        kept=kept,
        removed=removed,
        by=by,
        choices=choices,
        reason=_("Queue of duplicates"),
        score=pair.probability,
        model_version=pair.model_version,
    )


def _label(pair: DuplicatePair, *, is_match: bool, by: User | None) -> None:
    described = match_descriptions([pair.left_id, pair.right_id])
    left, right = ((f"directory.company:{pk}", described[pk]) for pk in (pair.left_id, pair.right_id))
    label_pair(kind="company", left=left, right=right, is_match=is_match, by=by)


def _forget_label(pair: DuplicatePair) -> None:
    names = sorted(f"directory.company:{pk}" for pk in (pair.left_id, pair.right_id))
    LabelledPair.objects.filter(kind="company", left=names[0], right=names[1], origin="person").delete()


@transaction.atomic
def undo_decision(*, decision: Decision, by: User) -> DuplicatePair:
    """Take a decision back: a merge is undone, the pair waits again. Raises AlreadyDecided, CannotUndo."""
    pair = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=decision.pair_id)
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    later = pair.decisions.standing().filter(pk__gt=decision.pk)
    if decision.undone_at or later.exists():
        raise AlreadyDecided(_("This decision was taken back, or another one followed it."))
    if decision.event is not None and not decision.event.is_undone:
        undo_merge(event=decision.event, by=by)
    if pair.decided_at:
        _forget_label(pair)
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at"])
    pair.state, pair.decided_at = PairState(decision.state_before), None
    pair.save(update_fields=["state", "decided_at"])
    record("curation.decision_undone", pair.left, pair.right, by=by, verdict=decision.verdict)
    wake("curation.duplicates", audience="team")
    return pair


def note_undone_merge(*, event: MergeEvent, by: User | None) -> None:
    """A merge that was undone elsewhere: both records are two companies, and are not proposed again."""
    pair = DuplicatePair.objects.filter(
        left=min(event.kept, event.removed), right=max(event.kept, event.removed), state=PairState.MERGED
    ).first()
    if pair is not None and not pair.decisions.standing().filter(event=event).exists():
        pair.state, pair.decided_at = PairState.DISTINCT, timezone.now()
        pair.save(update_fields=["state", "decided_at"])
        _label(pair, is_match=False, by=by)
        record("curation.pair_decided", pair.left, pair.right, by=by, verdict="distinct", state="distinct")


def move_pairs(moves: Moves, kept: R, removed: R) -> None:
    """Pairs of the removed record are pairs of the kept one: what was decided of one holds for the other.

    The pair of both stays as it is. A rule of merging, written through its hands.
    """
    model: Any = DuplicatePair if isinstance(kept, Company) else ContactPair
    for name, other_name in (("left", "right"), ("right", "left")):
        rows = model.objects.filter(**{name: removed}).exclude(**{other_name: kept})
        for row in rows.select_for_update(of=("self",)):
            other = getattr(row, f"{other_name}_id")
            left, right = sorted((kept.pk, other))
            itself = model.objects.filter(pk=row.pk)
            same = model.objects.filter(left=left, right=right).first()
            if same is None:
                moves.change(itself, left=left, right=right)
            elif same.is_open and not row.is_open:
                moves.change(model.objects.filter(pk=same.pk), state=row.state, decided_at=row.decided_at)


def moved_with_the_left(moves: Moves, kept: R, removed: R) -> None:
    """Both ends of a pair move together (`move_pairs`)."""
