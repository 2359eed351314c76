"""What people say of two records that may be one person, and what becomes of such pairs."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.curation.actions.duplicates import AlreadyDecided
from pavillon.curation.enums import ContactPairState, ContactVerdict
from pavillon.curation.models import ContactPair
from pavillon.directory.actions import merge_contacts, undo_merge
from pavillon.directory.models import MergeEvent
from pavillon.directory.queries import contact_to_keep, match_people
from pavillon.matching.actions import label_pair
from pavillon.matching.models import LabelledPair

OUTCOME = {
    ContactVerdict.MERGE: ContactPairState.MERGED,
    ContactVerdict.DISTINCT: ContactPairState.DISTINCT,
    ContactVerdict.UNSURE: ContactPairState.UNSURE,
}


@transaction.atomic
def decide_contact_pair(*, pair: ContactPair, verdict: ContactVerdict, by: User) -> ContactPair:
    """Say whether two records are one person: they are merged, or kept apart and not proposed again.

    Raises AlreadyDecided, and what the merge raises.
    """
    pair = _locked(pair)
    if not pair.is_open:
        raise AlreadyDecided(_("This pair was decided meanwhile: %(state)s.") % {"state": pair.get_state_display()})
    if verdict != ContactVerdict.UNSURE:
        _label(pair, is_match=verdict == ContactVerdict.MERGE, by=by)
    if verdict == ContactVerdict.MERGE:
        kept, removed = contact_to_keep(pair.left, pair.right)
        pair.event = merge_contacts(
            kept=kept,
            removed=removed,
            by=by,
            reason=_("Queue of duplicates"),
            score=pair.probability,
            model_version=pair.model_version,
        )
    pair.state, pair.decided_at, pair.decided_by = OUTCOME[verdict], timezone.now(), by
    pair.save(update_fields=["state", "decided_at", "decided_by", "event"])
    record("curation.contact_pair_decided", pair.left, pair.right, by=by, verdict=str(verdict))
    wake("curation.duplicates", audience="team")
    return pair


@transaction.atomic
def undo_contact_decision(*, pair: ContactPair, by: User) -> ContactPair:
    """Take a decision back: a merge is undone, the pair waits again. Raises AlreadyDecided, CannotUndo."""
    pair = _locked(pair)
    if pair.is_open:
        raise AlreadyDecided(_("This decision was taken back, or another one followed it."))
    if pair.event is not None and not pair.event.is_undone:
        # Says nothing of the pair yet: `note_parted_contacts` leaves one that waits alone.
        ContactPair.objects.filter(pk=pair.pk).update(state=ContactPairState.WAITING)
        undo_merge(event=pair.event, by=by)
    names = sorted(f"directory.contact:{pk}" for pk in (pair.left_id, pair.right_id))
    LabelledPair.objects.filter(kind="person", left=names[0], right=names[1], origin="person").delete()
    pair.state, pair.decided_at, pair.decided_by, pair.event = ContactPairState.WAITING, None, None, None
    pair.save(update_fields=["state", "decided_at", "decided_by", "event"])
    record("curation.contact_decision_undone", pair.left, pair.right, by=by)
    wake("curation.duplicates", audience="team")
    return pair


def note_parted_contacts(*, event: MergeEvent, by: User | None) -> None:
    """A merge that was undone elsewhere: both records are two people, and are not proposed again."""
    pair = ContactPair.objects.filter(
        left=min(event.kept, event.removed), right=max(event.kept, event.removed), state=ContactPairState.MERGED
    ).first()
    if pair is not None:
        pair.state, pair.decided_at, pair.decided_by = ContactPairState.DISTINCT, timezone.now(), by
        pair.save(update_fields=["state", "decided_at", "decided_by"])
        _label(pair, is_match=False, by=by)
        record("curation.contact_pair_decided", pair.left, pair.right, by=by, verdict="distinct")


def _locked(pair: ContactPair) -> ContactPair:
    return ContactPair.objects.select_for_update(of=("self",)).get(pk=pair.pk)


def _label(pair: ContactPair, *, is_match: bool, by: User | None) -> None:
    described = match_people([pair.left_id, pair.right_id])
    left, right = ((f"directory.contact:{pk}", described[pk]) for pk in (pair.left_id, pair.right_id))
    label_pair(kind="person", left=left, right=right, is_match=is_match, by=by)
