"""What happened with a company over a period: each room adds its part, the page draws one line of time with figures.

A room says in its `panels.py`:

    add_part("crm", draw_part)          # draw_part(company, user, since, until) -> Part

A part counts everything and tells the latest `AT_MOST` events, as far as the reader may see them; it asks a fixed
number of statements, whatever there is to tell.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.directory.models import Company

# Events that one part tells, and that the page shows.
AT_MOST, SHOWN = 60, 150


@dataclass(frozen=True)
class Figure:
    """A count with what it is made of, (name, count) each; `url` opens the list behind it."""

    label: Any
    count: int
    details: tuple[tuple[Any, int], ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Event:
    """One line: when, what, who, in the reader's words."""

    at: datetime
    title: str
    icon: str = "circle-dot"
    who: str = ""
    text: str = ""
    tone: str = ""
    url: str = ""


@dataclass
class Part:
    """What one room knows. `untold` is how many events it counted beyond those that it tells."""

    figures: list[Figure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    untold: int = 0


@dataclass
class Digest:
    """Figures in the order of the rooms, and events by month, the latest first."""

    figures: list[Figure]
    months: list[tuple[date, list[Event]]]
    untold: int

    @property
    def told(self) -> int:
        return sum(len(events) for _month, events in self.months)


Draw = Callable[[Company, User, datetime, datetime], Part]
_parts: dict[str, tuple[int, Draw]] = {}


def add_part(code: str, draw: Draw, *, order: int = 100) -> None:
    """Register what a room tells of a period, under the room's name."""
    _parts[code] = (order, draw)


def digest_of(company: Company, user: User, since: datetime, until: datetime) -> Digest:
    """What the reader may know of a company between two moments (the second one left out)."""
    parts = [draw(company, user, since, until) for _order, draw in sorted(_parts.values(), key=lambda part: part[0])]
    events = sorted((event for part in parts for event in part.events), key=lambda event: event.at, reverse=True)
    shown = events[:SHOWN]
    months = [
        (month, list(lines))
        for month, lines in groupby(shown, key=lambda event: timezone.localtime(event.at).date().replace(day=1))
    ]
    untold = len(events) - len(shown) + sum(part.untold for part in parts)
    return Digest([figure for part in parts for figure in part.figures if figure.count], months, untold)


def counted(rows: list[dict[str, Any]], name: str, label: Callable[[Any], Any] = str) -> tuple[tuple[Any, int], ...]:
    """The details of a figure: rows {name: …, "n": count} summed by name, the largest first."""
    found: dict[Any, int] = {}
    for row in rows:
        found[row[name]] = found.get(row[name], 0) + row["n"]
    return tuple((label(key), n) for key, n in sorted(found.items(), key=lambda item: (-item[1], str(item[0]))))
