"""Which screen a remark is about: its name, and its address without what nobody else should read."""

import functools
import re
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import RoutePattern, URLResolver

from pavillon.ui.menu import label_of

LONGEST = 300
ARGUMENT = re.compile(r"<[^>]*>")


def screen_of(address: str) -> tuple[str, str]:
    """("crm:lead", "/leads/12/") of "/leads/12/?q=…#log"; ("", "") of what is no page of ours.

    The query goes, and so do words in the path that a page takes as an argument: they may be secrets (the link of a
    survey) or names. Numbers stay: they say which record.
    """
    if not address.startswith("/") or address.startswith("//"):
        return "", ""
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return "", ""
    for value in found.kwargs.values():
        if isinstance(value, str) and value:
            path = path.replace(value, "…")
    return found.view_name or "", path[:LONGEST]


def screen_name(screen: str) -> str:
    """What the menus call a screen; else the record that it shows, or its address, as people read them."""
    if label := label_of(screen):
        return str(label)
    subject, route = _screens().get(screen, (None, screen))
    if subject is None:
        return route
    noun = str(subject._meta.verbose_name)
    words = noun[:1].upper() + noun[1:]
    # The page of the record itself; what is done there is told by its address.
    own = screen.partition(":")[2].removeprefix("view_") == subject._meta.model_name
    return words if own else f"{words} ({route})"


@functools.cache
def _screens() -> dict[str, tuple[Any, str]]:
    """{"crm:lead": (its model or None, "/leads/…/")} of all pages of ours, read once."""
    found: dict[str, tuple[Any, str]] = {}
    waiting: list[tuple[Any, str, str]] = [(each, "", "/") for each in get_resolver().url_patterns]
    while waiting:
        pattern, space, before = waiting.pop()
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route = before + ARGUMENT.sub("…", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            waiting += [(each, inner, route) for each in pattern.url_patterns]
        elif pattern.name:
            found.setdefault(f"{space}{pattern.name}", (getattr(pattern.callback, "subject", None), route))
    return found
