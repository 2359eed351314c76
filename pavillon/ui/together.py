"""Several questions asked in one statement: what a page needs beside its rows.

`ask(some=queryset, others=Part(...))` answers each with its rows, in its own order, just as if it had been asked alone:
objects with what `select_related` and `prefetch_related` bring, tuples of `values_list`, dictionaries of `values`. Each
row travels as an array of text, which is read back by the same loaders as a row of its own. A question that is put
together once for all who stand alike comes as `steady.part(…)` (or `form.part(…)`), and is not put together again.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg.adapt import Transformer
from psycopg.pq import Format

from pavillon.core.postgresql.kept import like, written_once
from pavillon.ui import steady
from pavillon.ui.blanks import read, sql_of

# Types whose cast to text is what PostgreSQL sends for a column of theirs.
_CAST_ALIKE = frozenset({
    "bigint", "bytea", "date", "double precision", "integer", "interval", "jsonb", "numeric", "smallint", "text",
    "time", "timestamp with time zone", "tsvector", "uuid", "varchar",
})  # fmt: skip
# The cast says "true" for "t", and "10.0.0.1/32" for "10.0.0.1".
_CAST_OTHERWISE = {
    "boolean": "left({0}::text, 1)",
    "inet": "CASE WHEN {0} IS NOT NULL THEN format('%%s', {0}) END",
}


class NotTold(TypeError):
    """Columns of this type have not been compared with what PostgreSQL sends for them alone."""


@dataclass(frozen=True)
class Part:
    """A question in SQL with the types of its columns, as PostgreSQL calls them; its rows are tuples."""

    sql: str
    params: Sequence[Any]
    types: Sequence[str]


def ask(**questions: QuerySet | Part | steady.Part) -> dict[str, list[Any]]:
    """{name: rows}; one statement for all (and those of `prefetch_related`, when somebody asks for it)."""
    parts: dict[str, Part] = {}
    readers: dict[str, Callable[[list[Any]], list[Any]]] = {}
    for name, question in questions.items():
        if (found := _part_of(question)) is not None:
            parts[name], readers[name] = found
    raw = _fetched(parts)
    return {name: readers[name](raw[name]) if name in parts else [] for name in questions}


def exist(**questions: QuerySet | Part | steady.Part) -> dict[str, bool]:
    """{name: whether it has any row}; one statement for all."""
    found = {name: _question_of(question) for name, question in questions.items()}
    asked = {name: question for name, question in found.items() if question is not None}
    if not asked:
        return dict.fromkeys(found, False)
    with connection.cursor() as cursor:
        cursor.execute(
            _whether(tuple(sql for sql, _params in asked.values())),
            [value for _sql, params in asked.values() for value in params],
        )
        return dict.fromkeys(found, False) | dict(zip(asked, cursor.fetchone(), strict=True))


@written_once
def _whether(sqls: tuple[str, ...]) -> str:
    return like(sqls, f"SELECT {', '.join(f'EXISTS ({sql})' for sql in sqls)}")


def _question_of(question: QuerySet | Part | steady.Part) -> tuple[str, Sequence[Any]] | None:
    if isinstance(question, Part):
        return question.sql, question.params
    return question.question if isinstance(question, steady.Part) else sql_of(question)


def _part_of(question: QuerySet | Part | steady.Part | None) -> tuple[Part, Callable[[list[Any]], list[Any]]] | None:
    """A part, and what makes its rows; None for what can have no rows."""
    if isinstance(question, steady.Part):
        if question.known is None:
            return _part_of(question.loose)
        known = question.known
        return Part(known.kept, question.params, known.types), partial(read, known)
    if question is None or isinstance(question, Part):
        return None if question is None else (question, list)
    compiler = question.query.get_compiler(question.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    types = [selected[0].output_field.db_type(compiler.connection) for selected in compiler.select]
    return Part(sql, params, types), partial(_rows, question, compiler)


def _fetched(parts: Mapping[str, Part]) -> dict[str, list[Any]]:
    if not parts:
        return {}
    sqls = tuple(part.sql for part in parts.values())
    types = tuple(tuple(part.types) for part in parts.values())
    found: dict[str, list[Any]] = {name: [] for name in parts}
    with connection.cursor() as cursor:
        cursor.execute(_written(sqls, types), [value for part in parts.values() for value in part.params])
        told = cursor.fetchall()
    names = list(parts)
    known = connection.shelf().loads  # type: ignore[attr-defined]
    loads = [[known.get(kind) or known.setdefault(kind, _loader(kind)) for kind in kinds] for kinds in types]
    for number, values in told:
        pairs = zip(values, loads[number], strict=True)
        found[names[number]].append(tuple(None if value is None else load(value.encode()) for value, load in pairs))
    return found


@written_once
def _written(sqls: tuple[str, ...], types: tuple[tuple[str, ...], ...]) -> str:
    """The statement that asks all of them, the columns of each being of these types."""
    asked = []
    for number, (sql, kinds) in enumerate(zip(sqls, types, strict=True)):
        columns = ", ".join(f"c{n}" for n in range(len(kinds)))
        told = ", ".join(_as_text(f"c{n}", kind) for n, kind in enumerate(kinds))
        asked.append(f"SELECT {number}, ARRAY[{told}] FROM ({sql}) AS asked ({columns})")  # noqa: S608
    return like(sqls, " UNION ALL ".join(asked))


def _as_text(column: str, kind: str) -> str:
    """The text that PostgreSQL would send for a column alone. Raises NotTold for types that nobody compared."""
    name, is_array = _taken_apart(kind)
    if name in _CAST_ALIKE or (is_array and name in _CAST_OTHERWISE):
        return f"{column}::text"
    if name in _CAST_OTHERWISE:
        return _CAST_OTHERWISE[name].format(column)
    raise NotTold(
        f"A column of type {kind} is not told with others: add it to those that ui/tests/test_together.py compares"
    )


def _taken_apart(kind: str) -> tuple[str, bool]:
    """A type as a column names it, "numeric(14, 2)", "varchar(20)[]", without length: its name, whether it is many."""
    return kind.partition("(")[0].removesuffix("[]").strip(), kind.endswith("[]")


def _loader(kind: str) -> Any:
    """How the connection reads a column of this type."""
    name, is_array = _taken_apart(kind)
    adapters = connection.connection.adapters
    known = adapters.types[name]
    found = Transformer(connection.connection).get_loader(known.array_oid if is_array else known.oid, Format.TEXT)
    return found.load


def _rows(rows: QuerySet, compiler: Any, values: list[Any]) -> list[Any]:
    """What the queryset makes of these values, as if its own statement had brought them."""
    again = copy(compiler)
    again.execute_sql = lambda *told, **named: [values]
    asked = rows._chain()  # type: ignore[attr-defined]
    asked.query.get_compiler = lambda *told, **named: again
    return list(asked)
