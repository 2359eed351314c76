"""The second wall: PostgreSQL itself hides the rows that leave no organisation (decision 0035).

Every connection says for whom it asks (`Sight`), and row-level security of the private tables compares. Nobody is the
beginning: a process that does not say who it is reads no private row and writes none. The first wall stays
`visible_to`; this one holds when a statement forgot it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpResponseBase


@dataclass(frozen=True)
class Sight:
    """For whom the database is asked.

    `reach`: "team", "company" or "buyer", "person" without any role, "house" for the platform's own work (jobs,
    commands, and actions that say so), "" for nobody. The rest is empty for the house and for nobody.
    """

    reach: str = ""
    person: str = ""
    organisation: str = ""
    role: str = ""
    kind: str = ""
    level: str = ""
    region: str = ""


NOBODY, HOUSE = Sight(), Sight("house")
_sight: ContextVar[Sight] = ContextVar("sight", default=NOBODY)


def current_sight() -> Sight:
    return _sight.get()


def stand_as(sight: Sight) -> None:
    """For the rest of a request whose person is known only now: by a key, by an application password."""
    _sight.set(sight)


@contextmanager
def standing_as(sight: Sight) -> Iterator[None]:
    """Ask for somebody while the block runs."""
    token = _sight.set(sight)
    try:
        yield
    finally:
        _sight.reset(token)


@contextmanager
def house() -> Iterator[None]:
    """The platform itself: what reaches across organisations by its nature, and says so where it does.

    Works as `with house():` and as a decorator. What is asked inside must be read inside: querysets are lazy.
    """
    with standing_as(HOUSE):
        yield


def carry_into(response: HttpResponseBase) -> HttpResponseBase:
    """A file that streams is made after the request is over: it goes on asking for the same person."""
    if response.streaming and not getattr(response, "is_async", False):
        response.streaming_content = _carried(response.streaming_content, current_sight())  # type: ignore[attr-defined]
    return response


def _carried(parts: Iterable[bytes], sight: Sight) -> Iterator[bytes]:
    parts = iter(parts)
    while True:
        with standing_as(sight):
            part = next(parts, None)
        if part is None:
            return
        yield part


def raise_wall(table: str, *, reads: str, inserts: str, deletes: str = "") -> str:
    """The statements that put a table behind the wall, for its owner too.

    `reads` says which rows are shown and may be changed (a changed row must still be one), `inserts` which may be
    added, `deletes` which may be taken away (default: those that may be added). The house does everything.
    """
    deletes = deletes or inserts
    # In a sub-query PostgreSQL asks once a statement, not once a row.
    house = "(SELECT wall_is_house())"
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY wall_read ON {table} FOR SELECT USING ({house} OR ({reads}));
        CREATE POLICY wall_insert ON {table} FOR INSERT WITH CHECK ({house} OR ({inserts}));
        CREATE POLICY wall_update ON {table} FOR UPDATE
            USING ({house} OR ({reads})) WITH CHECK ({house} OR ({reads}));
        CREATE POLICY wall_delete ON {table} FOR DELETE USING ({house} OR ({deletes}));
    """


def pull_down(table: str) -> str:
    """The reverse of `raise_wall`."""
    names = ("read", "insert", "update", "delete")
    dropped = " ".join(f"DROP POLICY wall_{name} ON {table};" for name in names)
    return f"{dropped} ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
