"""What the frame of every page asks of the database, in one statement: the counts of menus and bell, and pinned lines.

A room says which rows it needs (`need`, or `badge=` of a menu line); the first piece of the frame that is drawn reads
all of them for its reader, and the others find them there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import JSONField, QuerySet, TextField, Value
from django.db.models.expressions import Combinable

from pavillon.core.permissions import is_allowed
from pavillon.core.postgresql.kept import like, written_once
from pavillon.ui import steady

# A count beside a menu line has room for two digits.
MOST_COUNTED = 99

Rows = Callable[[Any], QuerySet[Any] | None]


@dataclass(frozen=True, eq=False)
class Need:
    """`rows(user)` are counted up to `most`, and told by `says` (a JSON expression) when they are more than a count."""

    name: str
    permission: str
    rows: Rows
    says: Combinable
    most: int

    def told(self, user: Any) -> QuerySet[Any, Any] | None:
        """What is read for one person; None when he is not granted it, or needs none."""
        if not is_allowed(user, self.permission):
            return None
        rows = self.rows(user)
        if rows is None:
            return None
        told = rows.annotate(frame_name=Value(self.name, output_field=TextField()), frame_says=self.says)
        return told.values_list("frame_name", "frame_says")[: self.most]


_needs: dict[str, Need] = {}


def need(
    name: str, *, permission: str, rows: Rows, says: Combinable | None = None, most: int = MOST_COUNTED + 1
) -> None:
    """Have rows read with the frame of each page of whoever is granted `permission`.

    `rows(user)` returns a queryset through `visible_to`, or None when this person needs none; its order and `most`
    hold. `says` is an expression that makes one JSON value of a row (`JSONObject(name="name")`); without it the rows
    are only counted.
    """
    _needs[name] = Need(name, permission, rows, says or Value(None, output_field=JSONField()), most)


def read_frame(user: Any) -> dict[str, list[Any]]:
    """{name of a need: what its rows say}, read once for the user object of a request, in one statement at most."""
    known: dict[str, list[Any]] | None = getattr(user, "_frame", None)
    if known is None:
        known = user._frame = {name: [] for name in _needs}
        for name, said in _read(user):
            known[name].append(said)
    return known


def is_known(name: str) -> bool:
    return name in _needs


def count_of(name: str, user: Any) -> str:
    """A count as it stands beside its word: "" for none, "99+" when there are more."""
    return _shown(len(read_frame(user).get(name, ())))


def count_alone(name: str, user: Any) -> str:
    """The same, for who asks for one count and not for a page."""
    rows = _needs[name].told(user)
    return _shown(rows.count()) if rows is not None else ""


def _read(user: Any) -> list[tuple[str, Any]]:
    parts = [part for need in _needs.values() if (part := steady.put(need, user, need.told)) is not None]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _written(tuple(sql for sql, _params in parts)), [value for _sql, params in parts for value in params]
        )
        return [(name, json.loads(said) if isinstance(said, str) else said) for name, said in cursor.fetchall()]


@written_once
def _written(sqls: tuple[str, ...]) -> str:
    return like(sqls, " UNION ALL ".join(f"({sql})" for sql in sqls))


def _shown(count: int) -> str:
    return "" if not count else str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"
