"""Which screen a remark is about: its name, and its address without what nobody else should read."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from pavillon.ui.menu import label_of

LONGEST = 300


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
    """What the menus call a screen; its own name where they do not lead to it."""
    return str(label_of(screen) or screen)
