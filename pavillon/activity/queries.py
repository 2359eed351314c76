"""Reads that the inbox pages need."""

from typing import Any

from pavillon.activity.kinds import NotificationKind, kinds_for
from pavillon.activity.models import Notification, Preference
from pavillon.ui import steady


def silenced_kinds(user: Any) -> set[str]:
    """Kinds that the person does not want by e-mail."""
    return set(Preference.objects.filter(user=user, by_email=False).values_list("kind", flat=True))


def listed_kinds(user: Any) -> list[NotificationKind]:
    return kinds_for(user)


def unread_count(user: Any, limit: int = 100) -> int:
    """Unread notifications of a person, counted up to `limit`: the bell says "99+" beyond."""
    return steady.count(
        ("unread", limit),
        user,
        lambda who: Notification.objects.visible_to(who).unread().order_by().values("pk")[:limit],
    )
