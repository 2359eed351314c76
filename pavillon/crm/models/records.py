"""Records of rooms above that people discuss and follow: a product, for example. Each kind says who may open one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


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
_kinds: dict[str, Find] = {}


def discuss(kind: str, find: Find) -> None:
    """Let records of a kind be discussed and followed; called by the room that keeps them."""
    _kinds[kind] = find


def record_for(user: Any, kind: str, number: int) -> RecordKey | None:
    """A record as a person may open it; a kind that no room explains opens for nobody."""
    find = _kinds.get(kind)
    return find(user, number) if find is not None else None
