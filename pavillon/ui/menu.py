"""The menus of the house. A room adds its entries in its `panels.py`; the layout shows those a person may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from pavillon.core.permissions import is_allowed

AREAS = ("workspace", "company", "agency", "public", "account")


@dataclass(frozen=True)
class Entry:
    """One line of a menu, before anybody looks at it."""

    area: str
    label: Any
    url_name: str
    permission: str
    section: Any
    icon: str
    order: int
    badge: Callable[[Any], int | str | None] | None
    live: str
    on_phone: bool


@dataclass(frozen=True)
class Line:
    """One line of a menu as one person sees it on one page."""

    label: Any
    url: str
    icon: str
    is_current: bool
    badge: int | str | None
    live: str
    on_phone: bool


_entries: list[Entry] = []


def add_entry(
    *,
    area: str,
    label: Any,
    url_name: str,
    permission: str,
    section: Any = "",
    icon: str = "circle",
    order: int = 100,
    badge: Callable[[Any], int | str | None] | None = None,
    live: str = "",
    on_phone: bool = False,
) -> None:
    """Add a line to a menu.

    `area`: "workspace" (advisers), "agency" (agency's own pages, same side bar, below), "company" (company space),
    "public" (main navigation of the public sites) or "account" (the menu under one's name).
    `permission`: a name answered by a rule, or "public". `badge(user)` returns a small number or None; it runs on
    every page, so it must cost one cheap query at most. `on_phone`: one of the at most four lines of the phone bar.
    """
    if area not in AREAS:
        raise ValueError(f"No menu is called {area}; there are {', '.join(AREAS)}")
    _entries.append(Entry(area, label, url_name, permission, section, icon, order, badge, live, on_phone))


def sections_for(area: str, user: Any, path: str, *, badges: bool = True) -> list[tuple[Any, list[Line]]]:
    """The menu of an area for one person: [(section title, [Line, …]), …], in the order of the entries.

    Without `badges` no entry counts anything: for who only wants the names (search).
    """
    sections: dict[str, tuple[Any, list[Line]]] = {}
    shown = []
    for entry in sorted((e for e in _entries if e.area == area), key=lambda e: e.order):
        if entry.permission != "public" and not is_allowed(user, entry.permission):
            continue
        try:
            shown.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:
            # A room that is not installed leaves no dead line in the menu.
            continue
    # The longest address that begins like this page's is the current one: /companies/7/ lights "Companies".
    current = max((url for _, url in shown if path.startswith(url)), key=len, default="")
    for entry, url in shown:
        line = Line(
            label=entry.label,
            url=url,
            icon=entry.icon,
            is_current=url == current,
            badge=entry.badge(user) if entry.badge and badges else None,
            live=entry.live,
            on_phone=entry.on_phone,
        )
        sections.setdefault(str(entry.section), (entry.section, []))[1].append(line)
    return list(sections.values())
