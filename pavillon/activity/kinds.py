"""The kinds of notification that exist, as rooms declare them; the preferences page lists them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NotificationKind:
    """`audience` says whose page lists it: "team", "company" or "buyer"; "" for everybody."""

    code: str
    label: Any
    audience: str


_kinds: dict[str, NotificationKind] = {}


def register_kind(code: str, label: Any, audience: str) -> None:
    """Declare a kind ("showroom.enquiry_received"); call from a room's `policies.py`."""
    _kinds[code] = NotificationKind(code, label, audience)


def kinds_for(user: Any) -> list[NotificationKind]:
    """Kinds that may reach this person."""
    audience = "team" if user.is_team else "company" if user.is_company else "buyer"
    return [kind for kind in _kinds.values() if kind.audience in ("", audience)]
