"""What was done is told here by rooms that stand below `activity`, which keeps the trail."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from pavillon.core.changes import Changes

_keeper: list[Callable[..., object]] = []


def keep_trail_with(keeper: Callable[..., object]) -> None:
    """Say who keeps the trail; called once by `activity`."""
    _keeper[:] = [keeper]


def record(verb: str, *about: Model, by: Any, changes: Changes | None = None, **facts: Any) -> None:
    """Tell that `by` did `verb` ("room.noun_participle") to the rows in `about`, inside the caller's transaction.

    Rooms above `activity` call `activity.actions.record`; it takes the same arguments.
    """
    for keeper in _keeper:
        keeper(verb, *about, by=by, changes=changes, **facts)
