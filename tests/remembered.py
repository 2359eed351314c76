"""Rows that many tests begin with, made once for all of them.

A cast of twenty people, each made through the doors that users would use, takes half a second; a thousand tests want
one. `remembered` runs such a function once a session, notes which rows it wrote, and writes the same rows again for
every later test, in some milliseconds. What the function returned is copied: no test sees what another did to it.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")

# Tables, the columns that can be written, those of the key and whether there may be rows, in the order in which they
# were made: what is pointed at stands first. What a trigger of the queue writes by itself is not written twice; what
# another transaction committed meanwhile (the data keys) stands already.
_TABLES = """
SELECT c.oid::regclass::text,
    string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
    coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attnum = ANY(i.indkey)), 'ctid'),
    c.relkind = 'p' OR pg_relation_size(c.oid) > 0
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname NOT IN ('procrastinate_events', 'directory_lonecompany', 'crm_leadwords')
GROUP BY c.oid ORDER BY c.oid
"""
# What a cast may find already there, and what is numbered anew when a test in a browser has emptied every table.
_START = "SELECT " + ", ".join(
    [
        f"(SELECT count(*) FROM {table})"
        for table in (
            "accounts_user", "accounts_organisation", "auth_group", "directory_company", "reference_region",
            "reference_sector", "reference_commune", "solutions_question", "wagtailcore_page",
        )
    ]
    + [
        f"(SELECT max(id) FROM {table})"
        for table in ("django_content_type", "auth_permission", "security_datakey", "wagtailcore_locale", "auth_group")
    ]
)  # fmt: skip
_PLACES = """
SELECT coalesce(array_agg((tableoid, ctid)::text), '{{}}'), coalesce(array_agg(ROW({key})::text), '{{}}') FROM {table}
"""
_ROWS = """
SELECT coalesce(array_agg(t::text), '{{}}'), coalesce(array_agg(ROW({key})::text), '{{}}') FROM {table} t
WHERE (tableoid, ctid)::text NOT IN (SELECT unnest(%s::text[])) AND pg_xact_status(xmin::text::xid8) = 'in progress'
"""
# What this transaction wrote to, as PostgreSQL counts it: the others, nine tenths, need not be looked through again.
_TOUCHED = """
SELECT DISTINCT coalesce(pg_partition_root(relid), relid)::regclass::text FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 OR NOT current_setting('track_counts')::bool
"""
_WRITE = "INSERT INTO {table} ({columns}) SELECT {columns} FROM unnest(%s::text[]::{table}[])"
_DELETE = "DELETE FROM {table} WHERE ROW({key})::text = ANY(%s)"
_OVER = " ON CONFLICT ({key}) DO UPDATE SET ({columns}) = ROW({excluded})"


@dataclass(frozen=True)
class _Table:
    """Where the rows of a table lie, a row that is changed lying elsewhere, and their keys."""

    columns: str
    key: str
    places: list[str]
    keys: list[str]


@dataclass(frozen=True)
class _Kept:
    """What one call wrote: statements with their rows in them, files by their path; and what it returned."""

    statements: str
    files: dict[str, bytes]
    returned: Any


def remembered(make: Callable[P, R]) -> Callable[P, R]:
    """Make the rows and uploaded files of `make` once a session and language; write them again at its next calls.

    What stood before is told by counting a few tables. Without a transaction around the test the function itself runs
    each time: what it needs may have been flushed.
    """
    kept: dict[Any, _Kept] = {}

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block:
            return make(*args, **kwargs)
        key = (connection.settings_dict["NAME"], get_language(), repr(args), repr(kwargs), _start())
        if key not in kept:
            tables, files = _tables(), set(_files())
            returned = make(*args, **kwargs)
            kept[key] = _noted(tables, files, returned)
            return returned
        known = kept[key]
        if known.statements:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(known.statements)
        for name, content in known.files.items():
            path = Path(settings.MEDIA_ROOT) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        returned_again: R = copy.deepcopy(known.returned)
        return returned_again

    return made


def _start() -> Any:
    from pavillon.security.enums import Purpose
    from pavillon.security.keys import keyring

    # Keys that the function itself would make first are made now: what it seals is written again beside these alone.
    keyring.ring(Purpose.VALUES)
    keyring.ring(Purpose.ENTRANCE)
    with connection.cursor() as cursor:
        cursor.execute(_START)
        return cursor.fetchone()


def _files() -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def _tables() -> dict[str, _Table]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        found = {}
        for table, columns, key, may_hold_rows in cursor.fetchall():
            stood: tuple[list[str], list[str]] = ([], [])
            if may_hold_rows:
                cursor.execute(_PLACES.format(table=table, key=key))
                stood = cursor.fetchone()
            found[table] = _Table(columns, key, *stood)
    return found


def _noted(tables: dict[str, _Table], files: set[str], returned: Any) -> _Kept:
    """What was written since, and a copy of what was returned.

    The rows are quoted here once: they are thousands of words, and are written hundreds of times.
    """
    statements: list[str] = []
    with connection.cursor() as cursor:

        def note(statement: str, values: list[str]) -> None:
            statements.append(cursor.mogrify(statement, [values]))

        cursor.execute(_TOUCHED)
        touched = {name for (name,) in cursor.fetchall()}
        for name, table in tables.items():
            if name not in touched:
                continue
            cursor.execute(_ROWS.format(table=name, key=table.key), [table.places])
            rows, keys = cursor.fetchone()
            changed = set(table.keys) & set(keys)
            cursor.execute(_PLACES.format(table=name, key=table.key))
            if gone := set(table.keys) - set(cursor.fetchone()[1]):
                note(_DELETE.format(table=name, key=table.key), list(gone))
            statement = _WRITE.format(table=name, columns=table.columns)
            if changed:
                excluded = ", ".join(f"excluded.{column}" for column in table.columns.split(", "))
                statement += _OVER.format(key=table.key, columns=table.columns, excluded=excluded)
            if rows:
                note(statement, rows)
    root = Path(settings.MEDIA_ROOT)
    contents = {path: (root / path).read_bytes() for path in _files() if path not in files}
    return _Kept(";\n".join(statements), contents, copy.deepcopy(returned))
