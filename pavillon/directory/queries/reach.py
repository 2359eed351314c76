"""How a person or a company is reached, as far as the reader may see."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS as DAYS

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.directory.enums import ChannelKind
from pavillon.directory.models import Channel, Company, Contact
from pavillon.reference.models import ListItem

# From Monday on, in the reader's language: Django has them.
WEEKDAYS = [DAYS[n] for n in range(7)]


@dataclass(frozen=True)
class Way:
    """A channel and the words for its kind: "Phone", or the name of its network."""

    channel: Channel
    kind: str


def networks() -> dict[str, str]:
    """Social networks by code, in the reader's language: an extensible list of reference data."""
    return {item.code: item.name for item in ListItem.objects.filter(list="networks")}


def ways_to(owner: Company | Contact, user: User) -> list[Way]:
    """Channels of a person or company, the valid and preferred ones first. Two statements."""
    shut = set()
    if isinstance(owner, Contact):
        shut = {name for name in (ChannelKind.EMAIL, ChannelKind.PHONE) if not may_read(user, Contact, name.value)}
    channels = [channel for channel in owner.channels.all() if channel.kind not in shut]
    names = networks() if any(channel.network for channel in channels) else {}
    order = [kind.value for kind in ChannelKind]
    channels.sort(key=lambda c: (not c.is_standing, order.index(c.kind), not c.is_preferred, c.pk))
    return [Way(c, names.get(c.network, c.network) if c.network else c.get_kind_display()) for c in channels]


def hours_of(contact: Contact) -> list[tuple[str, str]]:
    """The hours that suit a person: [(weekday, "09:00–11:30, 14:00–17:00"), …]. One statement."""
    lines: dict[int, list[str]] = {}
    for window in contact.call_windows.all():
        lines.setdefault(window.weekday, []).append(f"{window.starts_at:%H:%M}–{window.ends_at:%H:%M}")
    return [(str(WEEKDAYS[day - 1]), ", ".join(hours)) for day, hours in lines.items()]


def suits_now(contact: Contact) -> bool | None:
    """Whether the person likes to be called at this moment, by the clocks there; None when no hours are known."""
    windows = list(contact.call_windows.all())
    there = contact.time_there
    hour = there.time().replace(tzinfo=None)
    inside = (w.weekday == there.isoweekday() and w.starts_at <= hour < w.ends_at for w in windows)
    return any(inside) if windows else None
