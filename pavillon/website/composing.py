"""How a page gets its inherited content without the tables knowing the queries: `panels` provides the composer."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Composer = Callable[[Any, HttpRequest], dict[str, Any]]
_composer: list[Composer] = []


def provide(composer: Composer) -> None:
    """Say who composes pages; called once at start."""
    _composer[:] = [composer]


def compose(page: Any, request: HttpRequest) -> dict[str, Any]:
    """What the page shows beside its own fields."""
    found: dict[str, Any] = {}
    for composer in _composer:
        found |= composer(page, request)
    return found
