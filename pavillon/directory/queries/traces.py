"""Of which tables does a company stand in any row at all? One statement for all panels of its page that come together.

Most companies have no order, no task, no discussion. A question that goes through `visible_to` costs a hundred times
what it costs to learn that there is nothing to find; so each room names its tables (`add_trace`), and asks for rows
only where there may be some. Whoever may see them is asked then, as ever.
"""

from functools import cache

from django.db import connection, models

from pavillon.core.postgresql.kept import Kept
from pavillon.core.wall import house
from pavillon.directory.models import Company

_columns: dict[type[models.Model], str] = {}


def add_trace(*tables: type[models.Model], by: str = "company") -> None:
    """These tables hold rows about companies, by this key of theirs; called by the `panels.py` of a room."""
    for table in tables:
        _columns[table] = f"{by}_id"


def may_hold(company: Company, table: type[models.Model]) -> bool:
    """False when no row of this table is about the company. True as well when nobody asks for several panels at once.

    One statement for all tables and all panels of an answer: they share what was found (`ui.loading`).
    """
    shared = getattr(company, "shared", None)
    if shared is None:
        return True
    if "traces" not in shared:
        shared["traces"] = _traces_of(company.pk)
    return shared["traces"][table]


@house()
def _traces_of(number: int) -> dict[type[models.Model], bool]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [number] * len(_columns))
        return dict(zip(_columns, cursor.fetchone(), strict=True))


@cache
def _statement() -> Kept:
    quote = connection.ops.quote_name
    asked = (
        f"EXISTS(SELECT FROM {quote(table._meta.db_table)} WHERE {quote(column)} = %s)"
        for table, column in _columns.items()
    )
    return Kept(f"SELECT {', '.join(asked)}")
