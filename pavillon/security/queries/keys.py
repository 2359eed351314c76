"""The state of the keys, for their holders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.security.enums import HELD, Purpose
from pavillon.security.models import (
    KEY_HOLDERS,
    DataKey,
    KeyProposal,
    KeyUse,
    KeyWatch,
    RecoverySet,
    RecoveryShare,
)


@dataclass(frozen=True)
class KeyLine:
    """One data key in use: its row, its age in days, how often it was opened and used, and when last."""

    key: DataKey
    days: int
    opened: int
    used: int
    last_at: datetime | None


@dataclass(frozen=True)
class KeyState:
    """`own_share` waits for the reader; `missing_shares` were not collected yet."""

    lines: list[KeyLine]
    watches: list[KeyWatch]
    is_revoked: bool
    recovery: RecoverySet | None
    missing_shares: int
    own_share: RecoveryShare | None
    proposals: list[KeyProposal]
    holders: list[User]


def key_holders() -> list[User]:
    """People who hold the keys today, by name."""
    return list(User.objects.working().acting_in(role__in=KEY_HOLDERS).order_by("last_name", "first_name"))


def key_state(*, by: User) -> KeyState:
    """Everything that the page of the keys shows. Eight statements."""
    keys, now = DataKey.objects.visible_to(by).in_use(), timezone.now()
    uses: dict[str, dict[str, Any]] = {
        use["purpose"]: dict(use)
        for use in KeyUse.objects.values("purpose").annotate(
            all_opened=Sum("opened"), all_used=Sum("used"), last=Max("last_at")
        )
    }
    lines = []
    for purpose in Purpose:
        if key := keys.get(purpose):
            use: dict[str, Any] = uses.get(purpose.value, {})
            days, last = (now - key.created_at).days, use.get("last")
            lines.append(KeyLine(key, days, use.get("all_opened", 0), use.get("all_used", 0), last))
    recovery = RecoverySet.objects.visible_to(by).in_force()
    parts = (
        list(RecoveryShare.objects.filter(recovery_set=recovery, collected_at=None).exclude(words=""))
        if recovery
        else []
    )
    return KeyState(
        lines=lines,
        watches=list(KeyWatch.objects.order_by("source")),
        is_revoked=any(line.key.revoked_at for line in lines if line.key.purpose in HELD),
        recovery=recovery,
        missing_shares=len(parts),
        own_share=next((part for part in parts if part.holder_id == by.pk), None),
        proposals=list(KeyProposal.objects.visible_to(by).waiting().select_related("asked_by")),
        holders=key_holders(),
    )
