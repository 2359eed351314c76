"""Whose request is being answered, for what stands too low to be handed the person."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

_asker: ContextVar[Callable[[], Any] | None] = ContextVar("asker", default=None)


def who_asks() -> Any:
    """The person whose request is being answered; None for strangers and outside of requests."""
    found = _asker.get()
    person = found() if found else None
    return person if person is not None and person.is_authenticated else None


def ask_for(asker: Callable[[], Any] | None) -> None:
    """Say how to find who asks: it is looked up late, since a key of the API says it inside the view."""
    _asker.set(asker)
