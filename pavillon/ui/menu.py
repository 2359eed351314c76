"""The menus of the house. A room adds its entries in its `panels.py`; the layout shows those a person may open."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language, pgettext_lazy

from pavillon.core.permissions import is_allowed
from pavillon.ui import frame

# The five functional blocks of the platform: sections of the advisers' menu, in this order. What keeps the base, the
# showroom and the organisation running follows.
CRM = pgettext_lazy("block", "Customer relations")
ACCOUNTS = pgettext_lazy("block", "Customer accounts")
MARKETING = pgettext_lazy("block", "Marketing")
ASSISTED = pgettext_lazy("block", "Assisted intelligence")
ANALYTICS = pgettext_lazy("block", "Analytics")

AREAS = ("workspace", "company", "agency", "public", "account")


@dataclass(frozen=True, eq=False)
class Entry:
    """One line of a menu, before anybody looks at it."""

    area: str
    label: Any
    url_name: str
    permission: str
    section: Any
    icon: str
    order: int
    has_badge: bool
    live: str
    on_phone: bool

    @property
    def name(self) -> str:
        """What its count is called, in `ui.frame` and in the address that refreshes it."""
        return f"{self.area}-{self.url_name.replace(':', '-')}"


@dataclass(frozen=True)
class Line:
    """One line of a menu as one person sees it on one page."""

    label: Any
    url: str
    icon: str
    is_current: bool
    name: str
    badge: str
    has_badge: bool
    live: str
    on_phone: bool
    # All that it is drawn from.
    key: tuple[Any, ...]


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
    badge: frame.Rows | None = None,
    live: str = "",
    on_phone: bool = False,
) -> None:
    """Add a line to a menu.

    `area`: "workspace" (advisers), "agency" (agency's own pages, same side bar, below), "company" (company space),
    "public" (main navigation of the public sites) or "account" (the menu under one's name).
    `permission`: a name answered by a rule, or "public". `badge(user)` returns the rows to be counted or None; the
    counts of all lines are one statement of each page, up to 99, and `live` is the topic that counts them again.
    `on_phone`: one of the at most four lines of the phone bar.
    """
    if area not in AREAS:
        raise ValueError(f"No menu is called {area}; there are {', '.join(AREAS)}")
    entry = Entry(area, label, url_name, permission, section, icon, order, badge is not None, live, on_phone)
    _entries.append(entry)
    if badge:
        frame.need(entry.name, permission=permission, rows=badge)


@lru_cache(maxsize=2_000)
def _address(url_name: str, language: str, urlconf: str, prefix: str) -> str:
    """The address of a line, looked up once: `reverse` takes longer than all else in a menu. "" when there is none."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def sections_for(area: str, user: Any, path: str, *, badges: bool = True) -> list[tuple[Any, list[Line]]]:
    """The menu of an area for one person: [(section title, [Line, …]), …], in the order of the entries.

    Without `badges` no entry counts anything: for who only wants the names (search).
    """
    place = (get_language() or "", get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    shown = []
    for entry in sorted((e for e in _entries if e.area == area), key=attrgetter("order")):
        if entry.permission != "public" and not is_allowed(user, entry.permission):
            continue
        # A room that is not installed leaves no dead line in the menu.
        if url := _address(entry.url_name, *place):
            shown.append((entry, url))
    # The longest address that begins like this page's is the current one: /companies/7/ lights "Companies".
    current = max((url for _, url in shown if path.startswith(url)), key=len, default="")
    sections: dict[str, tuple[Any, list[Line]]] = {}
    for entry, url in shown:
        badge = frame.count_of(entry.name, user) if entry.has_badge and badges else ""
        title = _title(entry, place[0])
        sections.setdefault(title, (entry.section, []))[1].append(_line(entry, url, url == current, badge))
    return list(sections.values())


@lru_cache(maxsize=2_000)
def _title(entry: Entry, language: str) -> str:
    return str(entry.section)


@lru_cache(maxsize=20_000)
def _line(entry: Entry, url: str, is_current: bool, badge: str) -> Line:
    return Line(
        label=entry.label,
        url=url,
        icon=entry.icon,
        is_current=is_current,
        name=entry.name,
        badge=badge,
        has_badge=entry.has_badge,
        live=entry.live,
        on_phone=entry.on_phone,
        key=(entry, url, is_current, badge),
    )


def labels_of(area: str) -> Iterator[Any]:
    """What the lines of an area are called, whoever may see them."""
    return (entry.label for entry in _entries if entry.area == area)


def label_of(url_name: str) -> Any:
    """What the first menu that leads to a page calls it ("crm:leads"), in the reader's language; "" when none does."""
    return next((entry.label for entry in _entries if entry.url_name == url_name and url_name), "")
