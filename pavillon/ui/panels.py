"""Panels let a room show itself on a page of a room below, without that page knowing.

`add_panel` is for a piece of page that is asked for once it comes into sight, with its neighbours; `add_piece` for a
few words drawn with the page (cookie bar).
A place may also stand on pages of rooms above ("company.home": who accompanies a company, on each home of its people).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from pavillon.core.permissions import is_allowed


@dataclass(frozen=True, eq=False)
class Panel:
    """A piece of page that is asked for after it, so a slow panel never slows its page (`ui.loading`)."""

    place: str
    title: Any
    url_name: str
    permission: str
    column: str
    order: int
    live: str
    size: str

    def url(self, subject: Any = None) -> str:
        """Its address; the subject's key is its only argument."""
        return self.url_of(subject.pk if subject is not None else None)

    def url_of(self, key: int | None) -> str:
        return reverse(self.url_name, args=[] if key is None else [key])

    @property
    def slot(self) -> str:
        """What its place on the page is called: "panel-crm-view_timeline"."""
        return f"panel-{self.url_name.replace(':', '-')}"


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
    size: str = "s",
) -> None:
    """Put a panel on a page: `add_panel("directory.company", title=_("Shop"), url_name="showroom:company_panel", …)`.

    The view behind `url_name` takes the subject's key and answers a fragment. `column` is "main", "side" or "tab";
    `live` is a topic of the live stream that makes the panel load again. `size` ("xs" to "xxl") is how much height is
    kept free for it until a browser has seen it once and knows better.
    """
    _panels.append(Panel(place, title, url_name, permission, column, order, live, size))


def panels_for(place: str, user: Any, subject: Any = None, *, column: str = "") -> list[Panel]:
    """Panels of a place that the person may see about this subject, in order."""
    wanted = (p for p in _panels if p.place == place and column in ("", p.column))
    return sorted((p for p in wanted if is_allowed(user, p.permission, subject)), key=lambda p: p.order)


def panels_named(place: str, names: Iterable[str]) -> list[Panel]:
    """The panels of a place that bear one of these names, each once. Their views ask who may see them."""
    wanted = set(names)
    return [panel for panel in _panels if panel.place == place and panel.url_name in wanted]


# As `ui/_panels.html` says it, which pages with pieces of their own include: a company has twenty of them.
_PLACE = """
  <section class="section" aria-label="{title}">
    <header>
      <h2>{title}</h2>
    </header>
    <div class="panel"
         tabindex="-1"
         id="{slot}"
         data-panel="{name}"
         data-together="{together}"
         data-size="{size}"
         hx-get="{url}"
         hx-trigger="again{live}"
         hx-swap="innerHTML"><a class="panel-link" href="{url}">{open}</a></div>
  </section>
"""


def draw_places(panels: Iterable[Panel], subject: Any, together: str) -> SafeString:
    """Where these panels will stand on a page; `together` is where they are asked for."""
    key = None if subject is None else subject.pk
    # The same places for another record differ by its number alone.
    drawn = _drawn_places(tuple(panels), _ANY if type(key) is int else key, get_language())
    if type(key) is int:
        drawn = drawn.replace(str(_ANY), str(key))
    return mark_safe(drawn.replace(_TOGETHER, escape(together)))  # noqa: S308  what is not ours is escaped


# A number that no record has, and words that no page says.
_ANY, _TOGETHER = 8_070_605_040_302_010, "{together}"


@lru_cache(500)
def _drawn_places(panels: tuple[Panel, ...], key: Any, language: str | None) -> str:
    word = gettext("Open")
    drawn = (
        _PLACE.format(
            title=escape(panel.title),
            slot=panel.slot,
            name=panel.url_name,
            together=_TOGETHER,
            size=panel.size,
            url=escape(panel.url_of(key)),
            live=f", live:{panel.live} from:body" if panel.live else "",
            open=word,
        )
        for panel in panels
    )
    return f"\n\n{''.join(drawn)}\n"


def add_piece(place: str, draw: Piece) -> None:
    """Add words that are drawn with the page itself: `draw(request)` returns safe HTML or ""."""
    _pieces.setdefault(place, []).append(draw)


def pieces_of(place: str, request: HttpRequest) -> list[str]:
    """What the rooms above put in that place of this page."""
    return [piece for draw in _pieces.get(place, []) if (piece := draw(request))]
