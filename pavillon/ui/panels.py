"""Panels let a room show itself on a page of a room below, without that page knowing.

`add_panel` is for a piece of page that loads by itself; `add_piece` for a few words drawn with the page (cookie bar).
A place may also stand on pages of rooms above ("company.home": who accompanies a company, on each home of its people).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from pavillon.core.permissions import is_allowed


@dataclass(frozen=True)
class Panel:
    """A piece of page that loads by `hx-get`, so a slow panel never slows its page."""

    place: str
    title: Any
    url_name: str
    permission: str
    column: str
    order: int
    live: str

    def url(self, subject: Any = None) -> str:
        """Its address; the subject's key is its only argument."""
        return reverse(self.url_name, args=[subject.pk] if subject is not None else [])


Piece = Callable[[HttpRequest], str]
_panels: list[Panel] = []
_pieces: dict[str, list[Piece]] = {}


def add_panel(
    place: str,
    *,
    title: Any,
    url_name: str,
    permission: str,
    column: str = "main",
    order: int = 100,
    live: str = "",
) -> None:
    """Put a panel on a page: `add_panel("directory.company", title=_("Shop"), url_name="showroom:company_panel", …)`.

    The view behind `url_name` takes the subject's key and answers a fragment. `column` is "main", "side" or "tab";
    `live` is a topic of the live stream that makes the panel load again.
    """
    _panels.append(Panel(place, title, url_name, permission, column, order, live))


def panels_for(place: str, user: Any, subject: Any = None, *, column: str = "") -> list[Panel]:
    """Panels of a place that the person may see about this subject, in order."""
    wanted = (p for p in _panels if p.place == place and column in ("", p.column))
    return sorted((p for p in wanted if is_allowed(user, p.permission, subject)), key=lambda p: p.order)


def add_piece(place: str, draw: Piece) -> None:
    """Add words that are drawn with the page itself: `draw(request)` returns safe HTML or ""."""
    _pieces.setdefault(place, []).append(draw)


def pieces_of(place: str, request: HttpRequest) -> list[str]:
    """What the rooms above put in that place of this page."""
    return [piece for draw in _pieces.get(place, []) if (piece := draw(request))]
