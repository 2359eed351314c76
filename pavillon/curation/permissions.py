"""Who keeps the base clean."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.curation.models import ContactPair, Decision, DuplicatePair, MergeBatch
from pavillon.directory.models import CARD_EDITORS, MERGERS

REVIEWERS = MERGERS | {Role.ADVISER}
CURATORS = frozenset({Role.TEAM_MANAGER, Role.PLATFORM_ADMIN})


@permission("curation.view_duplicates")
def view_duplicates(user: User, subject: None) -> bool:
    return user.role in REVIEWERS


@permission("curation.review_pair")
def review_pair(user: User, pair: DuplicatePair | None) -> bool:
    return user.role in REVIEWERS


@permission("curation.decide_pair")
def decide_pair(user: User, pair: DuplicatePair | None) -> bool:
    """Who reviews says what it is; only who may merge sees his "one company" done at once (see the action)."""
    return user.role in REVIEWERS and (pair is None or pair.is_open)


@permission("curation.undo_decision")
def undo_decision(user: User, decision: Decision | None) -> bool:
    """One's own decision; a manager's right reaches those of others."""
    return user.role in REVIEWERS and (decision is None or decision.decided_by_id == user.pk or user.role in CURATORS)


@permission("curation.review_contact_pair")
def review_contact_pair(user: User, pair: ContactPair | None) -> bool:
    return user.role in REVIEWERS and (pair is None or sees(user, pair))


@permission("curation.decide_contact_pair")
def decide_contact_pair(user: User, pair: ContactPair | None) -> bool:
    return user.role in REVIEWERS and (pair is None or (pair.is_open and sees(user, pair)))


@permission("curation.undo_contact_decision")
def undo_contact_decision(user: User, pair: ContactPair | None) -> bool:
    """One's own decision; a manager's right reaches those of others."""
    if pair is None or user.role not in REVIEWERS:
        return user.role in REVIEWERS
    return not pair.is_open and (pair.decided_by_id == user.pk or user.role in CURATORS) and sees(user, pair)


@permission("curation.view_thresholds")
def view_thresholds(user: User, subject: None) -> bool:
    return user.role in REVIEWERS


@permission("curation.change_thresholds")
def change_thresholds(user: User, subject: None) -> bool:
    return user.role in CURATORS


@permission("curation.view_batches")
def view_batches(user: User, subject: None) -> bool:
    return user.role in MERGERS


@permission("curation.run_batch")
def run_batch(user: User, batch: MergeBatch | None) -> bool:
    return user.role in MERGERS


@permission("curation.view_quality")
def view_quality(user: User, subject: object) -> bool:
    return user.role in CARD_EDITORS | CURATORS | {Role.REGION_OFFICIAL}


@permission("curation.view_freshness")
def view_freshness(user: User, subject: None) -> bool:
    return user.role in CURATORS | {Role.REGION_OFFICIAL, Role.SHOWROOM_MANAGER}
