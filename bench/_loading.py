"""Pouring many rows into a table: without its indexes and constraints, which are built again at once at the end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

_INDEXES = """
SELECT format('%%I', i.indexrelid::regclass::text), pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
# Foreign keys, unique and exclusion constraints; primary keys stay, because other tables point at them.
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f'
"""


@contextmanager
def bare_tables(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Inside one transaction: take indexes, constraints and row security (which COPY does not pass) off the tables,
    put them back as they were afterwards."""
    # Deferred checks that still wait would forbid to touch the tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(_CONSTRAINTS, [tables])
    constraints = cursor.fetchall()
    cursor.execute(_INDEXES, [tables])
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE oid = ANY(%s::regclass[]) AND relrowsecurity", [tables]
    )
    walled = [table for (table,) in cursor.fetchall()]
    for table in walled:
        cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    yield
    for table in walled:
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        # That of a partitioned table is told as the parent's alone: it belongs to the parts too.
        cursor.execute(definition.replace(" ON ONLY ", " ON ", 1))
    for table, name, definition in constraints:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def pour(cursor: Any, table: str, columns: str, lines: Iterable[str]) -> None:
    """COPY lines (text format) into the named columns."""
    with cursor.copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN") as copy:
        copy.write("\n".join(lines) + "\n")
