"""Who may be approached by a campaign: rooms that know a reason against it say so here."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

Barrier = Callable[[QuerySet[Any]], QuerySet[Any]]
_barriers: list[Barrier] = []


def bar_from_campaigns(barrier: Barrier) -> None:
    """Take records out of every campaign: `barrier(rows) -> rows`, given companies or contacts."""
    _barriers.append(barrier)


def contactable(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those companies or contacts that a campaign may address: merged and closed ones never, nor those barred."""
    rows = rows.filter(merged_into__isnull=True)
    for barrier in _barriers:
        rows = barrier(rows)
    return rows
