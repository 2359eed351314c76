"""What needs two key-holders: one proposes, another confirms within a day."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.core.trail import record
from pavillon.security.actions.keys import _revoke, _split
from pavillon.security.enums import Stage, Step
from pavillon.security.models import PROPOSAL_HOURS, KeyProposal


class NotTwo(Exception):
    """Whoever proposed a step cannot confirm it."""


class NotWaiting(Exception):
    """The proposal was decided, withdrawn or ran out meanwhile."""


class AlreadyProposed(Exception):
    """The same step waits for a second key-holder already."""


@transaction.atomic
def propose_key_step(*, step: Step, reason: str, by: User, details: dict[str, Any] | None = None) -> KeyProposal:
    """Ask a second key-holder. Raises AlreadyProposed."""
    late = timezone.now() - timedelta(hours=PROPOSAL_HOURS)
    KeyProposal.objects.filter(stage=Stage.WAITING, asked_at__lt=late).update(stage=Stage.WITHDRAWN)
    if KeyProposal.objects.select_for_update().filter(step=step, stage=Stage.WAITING).exists():
        raise AlreadyProposed
    proposal = KeyProposal.objects.create(step=step, reason=reason, details=details or {}, asked_by=by)
    record("security.data_key_step_proposed", proposal, by=by, step=step, reason=reason)
    return proposal


def _waiting(proposal: KeyProposal) -> KeyProposal:
    found = KeyProposal.objects.waiting().select_for_update().filter(pk=proposal.pk).first()
    if found is None:
        raise NotWaiting
    return found


@transaction.atomic
def confirm_key_step(*, proposal: KeyProposal, by: User) -> KeyProposal:
    """Do what another key-holder proposed. Raises NotTwo, NotWaiting, DataLocked, KeyUnavailable."""
    proposal = _waiting(proposal)
    if proposal.asked_by_id == by.pk:
        raise NotTwo
    proposal.stage, proposal.decided_by, proposal.decided_at = Stage.DONE, by, timezone.now()
    proposal.save(update_fields=["stage", "decided_by", "decided_at"])
    if proposal.step == Step.REVOKE:
        _revoke(by=by, also_by=proposal.asked_by, reason=proposal.reason)
    else:
        holders = User.objects.in_bulk(proposal.details["holders"])
        _split(
            threshold=proposal.details["threshold"],
            holders=[holders[pk] for pk in proposal.details["holders"]],
            asked_by=proposal.asked_by,
            by=by,
            reason=proposal.reason,
        )
    record("security.data_key_step_confirmed", proposal, by=by, step=proposal.step, reason=proposal.reason)
    return proposal


@transaction.atomic
def withdraw_key_step(*, proposal: KeyProposal, by: User) -> KeyProposal:
    """Either holder may stop it. Raises NotWaiting."""
    proposal = _waiting(proposal)
    proposal.stage, proposal.decided_by, proposal.decided_at = Stage.WITHDRAWN, by, timezone.now()
    proposal.save(update_fields=["stage", "decided_by", "decided_at"])
    record("security.data_key_step_withdrawn", proposal, by=by, step=proposal.step)
    return proposal
