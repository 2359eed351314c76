"""A question in SQL whose blanks are known: found by putting it together twice, with two sets of invented values.

`ui.steady` keeps such questions; what differs between both is a blank, and what differs otherwise is not steady.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.utils import timezone
from psycopg.types.json import Jsonb

from pavillon.core.postgresql.kept import Kept, Walked, kept
from pavillon.ui.rows import Reader

Build = Callable[..., QuerySet[Any, Any] | None]
Question = tuple[str, tuple[Any, ...]]
"""SQL and its parameters."""


class NotSteady(Exception):
    """Two ways to put the same question differ: it depends on more than its blanks."""


@dataclass(frozen=True, eq=False)
class Written:
    """A question as it is kept. `blanks`: (place among the parameters, number of its value, how the ORM types it)."""

    sql: str
    params: tuple[Any, ...]
    blanks: tuple[tuple[int, int, Callable[[Any], Any] | None], ...]
    rows: Any
    compiler: Any

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.rows, self.compiler)

    @cached_property
    def types(self) -> list[str]:
        """Of its columns, as PostgreSQL calls them."""
        return [selected[0].output_field.db_type(self.compiler.connection) for selected in self.compiler.select]

    @cached_property
    def kept(self) -> Kept:
        """The question with nothing left open but its blanks."""
        connection.ensure_connection()
        return kept(self.sql, self.params, {place for place, _number, _typed in self.blanks}, connection.connection)

    @cached_property
    def walked(self) -> Walked:
        """The same, where it walks along an index and soon meets enough."""
        return Walked(self.kept)

    def values(self, values: Sequence[Any]) -> list[Any]:
        """What stands in the blanks of `kept`."""
        return [values[number] if typed is None else typed(values[number]) for _place, number, typed in self.blanks]

    def filled(self, values: Sequence[Any]) -> list[Any]:
        params = list(self.params)
        for place, number, typed in self.blanks:
            params[place] = values[number] if typed is None else typed(values[number])
        return params


# Values

# Of two sets; far from those of any row, and small enough for any column but the smallest.
_NUMBERS, _YEARS = (1_555_000_000, 1_666_000_000), (1803, 1853)
# A text has both cases, blanks at its ends and more letters than are ever kept of one: what a question makes of it
# before it asks (`lower`, `strip`, `[:200]`) is seen, and not taken for something that always stands there.
_EDGES = (" ", "\t")
_INVENTED: dict[type, Callable[[int, int], Any]] = {
    int: lambda trial, nth: _NUMBERS[trial] + nth,
    str: lambda trial, nth: f"{_EDGES[trial]}{nth} Invented {trial} {'Blank ' * 40}{nth}{_EDGES[trial]}",
    datetime: lambda trial, nth: datetime(_YEARS[trial], 1, 1 + nth, tzinfo=UTC),
    date: lambda trial, nth: date(_YEARS[trial], 2, 1 + nth),
    UUID: lambda trial, nth: UUID(int=_NUMBERS[trial] + nth),
    Decimal: lambda trial, nth: Decimal(_NUMBERS[trial] + nth),
}


def is_loose(values: Iterable[Any]) -> bool:
    """Whether a moment among them has no zone: the ORM gives it the house's, a blank would be taken for UTC."""
    return any(isinstance(value, datetime) and timezone.is_naive(value) for value in values)


def shape_of(value: Any) -> Any:
    """What of a value is part of the question's name: its kind, where it is a blank; itself, where it is none."""
    if _is_blank(value):
        return (list, type(value[0])) if type(value) is list else type(value)
    return type(value), value if isinstance(value, str | int | Enum) else None


def _is_blank(value: Any) -> bool:
    return bool(value) and (type(value) in _INVENTED or type(value) is list)


def _is_name(value: Any) -> bool:
    """What is empty, yes or no, or one of a choice: it says what is asked for."""
    return value is None or isinstance(value, bool | Enum) or (not value and type(value) in {*_INVENTED, list})


def another(value: Any, trial: int, nth: int) -> Any:
    """A value of that kind that occurs nowhere else. Raises NotSteady for kinds that nobody thought of."""
    if _is_name(value):
        return value
    if isinstance(value, list):
        kinds = {type(each) for each in value}
        if len(kinds) > 1 or not kinds <= set(_INVENTED):
            raise NotSteady(value)
        # Their lengths differ, so that a question that hangs on the length is not steady.
        return [_INVENTED[type(value[0])](trial, 10 + nth + each) for each in range(3 + trial)]
    if type(value) not in _INVENTED or (isinstance(value, datetime) and timezone.is_naive(value)):
        raise NotSteady(value)
    return _INVENTED[type(value)](trial, nth)


# Two ways to put a question


def compared(build: Callable[[int], Any], trials: Sequence[Sequence[Any]]) -> Written | None:
    """The question as two invented askers put it; None when it asks for nothing. Raises NotSteady when they differ by
    more than their values.

    What it brings beside its rows must not differ at all: it is kept as the first of them asks for it.
    """
    first, second = build(0), build(1)
    if brought(first) != brought(second):
        raise NotSteady
    compiler = first.query.get_compiler(DEFAULT_DB_ALIAS) if first is not None else None
    one, two = sql_of(first, compiler), sql_of(second)
    if one is None or two is None:
        if one is not two:
            raise NotSteady
        return None
    if one[0] != two[0] or len(one[1]) != len(two[1]):
        raise NotSteady(one[0])
    blanks = []
    for place, (value, other) in enumerate(zip(plain(one[1]), plain(two[1]), strict=True)):
        number = _number_of(value, trials[0])
        expected = value if number is None else trials[1][number]
        if type(other) is not type(value) or other != expected:
            raise NotSteady(one[0])
        if number is not None:
            blanks.append((place, number, _typing(value, trials[0][number])))
    return Written(one[0], one[1], tuple(blanks), first, compiler)


def _number_of(value: Any, trial: Sequence[Any]) -> int | None:
    """Which of the invented values it is; numbers may have the type of their column (`Int8`)."""
    return next((nth for nth, known in enumerate(trial) if isinstance(value, type(known)) and known == value), None)


def _typing(value: Any, invented: Any) -> Callable[[Any], Any] | None:
    """How the ORM made a parameter of a value, where it changed its type."""
    if isinstance(value, list):
        each: Any = type(value[0]) if value else None
        return None if not value or each is type(invented[0]) else lambda true: [each(one) for one in true]
    return None if type(value) is type(invented) else type(value)


def sql_of(asked: QuerySet[Any, Any] | None, compiler: Any = None) -> Question | None:
    if asked is None:
        return None
    try:
        sql, params = (compiler or asked.query.get_compiler(asked.db)).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def brought(asked: Any) -> tuple[Any, ...]:
    """What `prefetch_related` asks, in SQL with its parameters, and what that brings in its turn."""
    found: list[Any] = []
    for lookup in asked._prefetch_related_lookups if asked is not None else ():
        if isinstance(lookup, str):
            found.append(lookup)
            continue
        inner = getattr(lookup, "querysets", ()) or ([lookup.queryset] if lookup.queryset is not None else [])
        found.append((lookup.prefetch_to, lookup.to_attr, *((told(rows), brought(rows)) for rows in inner)))
    return tuple(found)


def told(asked: QuerySet[Any, Any] | None) -> Any:
    """A question as it can be compared."""
    question = sql_of(asked)
    return question and (question[0], plain(question[1]))


def plain(params: Iterable[Any]) -> list[Any]:
    """As they can be compared: two values of JSON are never equal, what they hold may be."""
    return [value.obj if isinstance(value, Jsonb) else value for value in params]


# Rows


def rows_of(known: Written, params: Sequence[Any], *, walks: bool = False) -> list[Any]:
    """The rows of a question whose SQL is known, on the connection of this thread; `params` are those of its blanks."""
    question = known.walked if walks else known.kept
    reader = known.reader
    if not reader.is_exact:
        again = copy(known.compiler)
        again.as_sql = lambda *told, **named: (question, tuple(params))
        return _read_by(known, again)
    with connection.cursor() as cursor:
        cursor.execute(question, params)
        found = cursor.fetchall()
    return reader(found, connection)


def read(known: Written, values: list[Any]) -> list[Any]:
    """What it makes of these rows, as if its own statement had brought them."""
    if known.reader.is_exact:
        return known.reader(values, connection)
    again = copy(known.compiler)
    again.execute_sql = lambda *told, **named: [values]
    return _read_by(known, again)


def _read_by(known: Written, compiler: Any) -> list[Any]:
    compiler.connection = connections[DEFAULT_DB_ALIAS]
    asked = known.rows._chain()
    asked.query.get_compiler = lambda *told, **named: compiler
    return list(asked)
