"""Questions that come again with other values: PostgreSQL plans them once a connection, and is then told the values.

To plan a question takes PostgreSQL five times as long as to answer it, where it joins a dozen tables and finds a few
rows. `Kept` is such a question. The second time that a connection is asked it, it is prepared there (`PREPARE`), and
from then on executed by its name. Its plan knows none of the values, so that it must be a good one whatever they are:
one of which no step, were it run to its end, is reckoned at more than `MOST_COST`. That leaves out whatever walks along
an index until it has met enough (but for what is known to meet it soon, `Walked`), or reads much, which a plan for the
very values may do better.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import TransactionStatus

# In PostgreSQL's unit, a page read in order: some ten milliseconds.
MOST_COST = 2_500
# A plan holds some 100 kB of a connection's memory, one that joins a dozen tables 400.
MOST_KEPT = 120
_PLACE, _NAMED = re.compile(r"%[s%]"), re.compile(r"%\((\w+)\)s")
# A list is told as text or with a cast of the question's own; "unknown" is what a text is without a type.
_TYPES = {bool: "boolean", datetime: "timestamptz", date: "date", UUID: "uuid", Decimal: "numeric", int: "bigint"}
# By their hashes: one that has another's is not prepared, or sooner.
_unfit: set[int] = set()


class Kept(str):
    """SQL whose blanks (`%s`, or all of them `%(name)s`) are all that differs from time to time; what never does stands
    in its text. A value has the same type each time, or is None."""

    __slots__ = ()


class Walked(Kept):
    """One that walks along an index under a LIMIT and has met enough after a few rows, whoever asks and whatever the
    values: it is judged by what it is reckoned at as a whole, not by what the walk would cost to its end."""

    __slots__ = ()


@lru_cache(500)
def placed(question: Kept) -> tuple[Kept, list[str]]:
    """A question whose blanks have names, with places instead, and the name of each."""
    return Kept(_NAMED.sub("%s", question)), _NAMED.findall(question)


def like(pieces: Iterable[str], text: str) -> str:
    """A text made of several: kept, when each of them is."""
    return Kept(text) if all(type(piece) is Kept for piece in pieces) else text


def written_once(write: Callable[..., str]) -> Callable[..., str]:
    """For what puts several questions into one statement: it is written once, where each of them is kept. Some hundreds
    of 20 kB each, whose hashes are known as well."""
    known = lru_cache(500)(write)

    @wraps(write)
    def written(questions: tuple[str, ...], *more: Hashable) -> str:
        is_kept = all(type(question) is Kept for question in questions)
        return known(questions, *more) if is_kept else write(questions, *more)

    return written


def kept(sql: str, params: Sequence[Any], blanks: set[int], connection: Any) -> Kept:
    """A question in which the parameters that are no blanks stand as psycopg would have put them."""
    teller, numbers = Transformer(connection), iter(range(len(params)))

    def said(place: re.Match[str]) -> str:
        if place.group() == "%%" or (number := next(numbers)) in blanks:
            return place.group()
        value = params[number]
        told = "NULL" if value is None else bytes(teller.as_literal(value)).decode(teller.encoding)
        return told.replace("%", "%%")

    return Kept(_PLACE.sub(said, sql))


def is_stale(error: psycopg.Error) -> bool:
    """Whether what was prepared is of no use any more; PostgreSQL refuses other things with the same code."""
    if isinstance(error, psycopg.errors.FeatureNotSupported):
        return error.diag.source_function == "RevalidateCachedQuery"
    return isinstance(error, psycopg.errors.InvalidSqlStatementName)


class Shelf:
    """What one connection has prepared: {question: its name there}."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.asked: set[int] = set()
        self.known: OrderedDict[str, str] = OrderedDict()
        self.last = 0
        # Values as they stand in words; the same for all questions of a connection.
        self.said = Transformer(connection).as_literal
        # What reads a value of this type back from text (`ui.together`).
        self.loads: dict[str, Callable[[bytes], Any]] = {}
        # Whether PostgreSQL still holds plans that were forgotten here.
        self.has_stale = False

    def words_for(self, question: Kept, params: Sequence[Any], tell: Callable[[], None]) -> bytes | None:
        """What executes a question with these parameters; None where it is asked as it stands.

        `tell` says for whom it is asked, which PostgreSQL may want to know while it plans.
        """
        known = self.known.get(question)
        if known is not None:
            self.known.move_to_end(question)
            return self._executing(known, params)
        this = hash(question)
        if not self._is_alone():
            # In a transaction an error, of a question that cannot be prepared, would be the end of it.
            return None
        if self.has_stale:
            self._deallocate("ALL")
            self.has_stale = False
        if this in _unfit:
            return None
        if this not in self.asked:
            if len(self.asked) > 10_000:
                self.asked.clear()
            self.asked.add(this)
            return None
        tell()
        return self._prepared(question, params)

    def _is_alone(self) -> bool:
        """Whether the next statement stands in no transaction: neither in one that is open, nor as its first."""
        return bool(self.connection.autocommit) and self.connection.info.transaction_status == TransactionStatus.IDLE

    def _executing(self, name: str, params: Sequence[Any]) -> bytes:
        """No blank is looked for in these words, as psycopg would: that takes as long as PostgreSQL to answer."""
        values = b", ".join([b"NULL" if value is None else bytes(self.said(value)) for value in params])
        return b"EXECUTE %b(%b)" % (name.encode(), values) if params else b"EXECUTE %b" % name.encode()

    def _prepared(self, question: Kept, params: Sequence[Any]) -> bytes | None:
        if len(self.known) >= MOST_KEPT:
            self._deallocate(self.known.popitem(last=False)[1])
        self.last += 1
        name = f"kept_{self.last}"
        types = f"({', '.join(map(_type_of, params))})" if params else ""
        try:
            self._run(f"PREPARE {name}{types} AS {_numbered(question)}")
        except (psycopg.ProgrammingError, psycopg.NotSupportedError):
            _set_apart(question)
            return None
        except psycopg.Error:
            # A lock that somebody held for long, or the database is gone: who asks will hear it.
            return None
        is_fit = False
        try:
            words = self._executing(name, params)
            plan = _plan_of(self._run(b"EXPLAIN (FORMAT JSON) " + words))
            is_fit = (plan["Total Cost"] if isinstance(question, Walked) else _highest(plan)) <= MOST_COST
            if not is_fit:
                _set_apart(question)
        except psycopg.Error:
            # These values cannot be asked for. That says nothing against the question: it may be asked twice again.
            self.asked.discard(hash(question))
        finally:
            if not is_fit:
                self._deallocate(name)
        if is_fit:
            self.known[question] = name
        return words if is_fit else None

    def _run(self, words: str | bytes) -> Any:
        with psycopg.ClientCursor(self.connection) as cursor:
            cursor.execute(words)
            return cursor.fetchone() if cursor.description else None

    def _deallocate(self, name: str) -> None:
        # It may be gone already.
        with suppress(psycopg.Error):
            self._run(f"DEALLOCATE {name}")

    def forget(self) -> None:
        """Prepare each anew, by another name. What there was goes with the next question outside a transaction."""
        self.known.clear()
        self.has_stale = True


def _set_apart(question: Kept) -> None:
    if len(_unfit) > 10_000:
        _unfit.clear()
    _unfit.add(hash(question))


def _type_of(value: Any) -> str:
    if isinstance(value, list):
        return "bigint[]" if value and isinstance(value[0], int) else "unknown"
    return next((name for kind, name in _TYPES.items() if isinstance(value, kind)), "unknown")


def _numbered(question: str) -> str:
    """$1, $2 instead of %s."""
    numbers = iter(range(1, len(question)))
    return _PLACE.sub(lambda place: "%" if place.group() == "%%" else f"${next(numbers)}", question)


def _plan_of(row: Any) -> Any:
    told = row[0]
    return (json.loads(told) if isinstance(told, str | bytes) else told)[0]["Plan"]


def _highest(step: Any) -> float:
    return max([step["Total Cost"], *(_highest(part) for part in step.get("Plans", ()))])
