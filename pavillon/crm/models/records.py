"""Records of rooms above that people discuss and follow: a product, for example. Each kind says who may open one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class RecordKey:
    """A record of a company that a room above keeps: its kind ("showroom.product"), number, name and address."""

    kind: str
    number: int
    label: str
    url: str
    company_id: int


# find(user, number): the record as this person may open it, None when he may not.
Find = Callable[[Any, int], RecordKey | None]
# rows(user): those that this person may open, as a queryset that becomes part of a statement.
Rows = Callable[[Any], Any]
_kinds: dict[str, tuple[Find, Rows]] = {}


def discuss(kind: str, find: Find, rows: Rows) -> None:
    """Let records of a kind be discussed and followed; called by the room that keeps them."""
    _kinds[kind] = (find, rows)


def record_for(user: Any, kind: str, number: int) -> RecordKey | None:
    """A record as a person may open it; a kind that no room explains opens for nobody."""
    known = _kinds.get(kind)
    return known[0](user, number) if known is not None else None


def about_open_records(user: Any) -> Q:
    """Rows with `record_kind` and `record_id` that are about no record, or about one that this person may open."""
    found = Q(record_kind="")
    for kind, (_find, rows) in _kinds.items():
        found |= Q(record_kind=kind, record_id__in=rows(user).order_by().values("pk"))
    return found
