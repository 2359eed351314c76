"""False alarms: somebody whom rules leave alone for a time, with a reason and an end."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.vigilance.models import Exemption, Rule


@transaction.atomic
def exempt_person(
    *, user: User, rule: Rule | None, starts_at: datetime, ends_at: datetime, reason: str, by: User
) -> Exemption:
    """Leave one person alone for a time: by one rule, or by all of them and the budgets (`rule` None)."""
    exemption = Exemption.objects.create(
        user=user, rule=rule, starts_at=starts_at, ends_at=ends_at, reason=reason, made_by=by
    )
    facts: dict[str, Any] = {"rule": rule.pk if rule else None, "until": ends_at.isoformat()}
    record("vigilance.person_exempted", exemption, user, by=by, reason=reason, **facts)
    return exemption


@transaction.atomic
def end_exemption(*, exemption: Exemption, by: User) -> None:
    """Watch again before the end. Ending twice changes nothing."""
    exemption = Exemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    if exemption.ended_at is None:
        before = snapshot(exemption)
        exemption.ended_at, exemption.ended_by = timezone.now(), by
        exemption.save(update_fields=["ended_at", "ended_by"])
        changes = changes_since(before, exemption)
        record("vigilance.exemption_ended", exemption, exemption.user, by=by, changes=changes)
