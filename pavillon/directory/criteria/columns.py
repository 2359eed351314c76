"""What a list or a file can show of a subject: columns, registered by the rooms that own the values."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from pavillon.core.policy import may_read
from pavillon.ui.keyset import Order


@dataclass(frozen=True)
class Column:
    """One column: `name` is stable (addresses, files for machines), `label` is read.

    `value(row)` reads the row itself and what `needs` names beside it; `load(rows, user)` fetches {pk: value} for many
    rows at once, in one statement, as the person may see them. `shown` is the field that `field_value` formats on
    screen; without it the value is printed. `governed` are the cells of the privilege matrix that must be readable.
    `edits` is the column that may be changed in the list, `order` the name of the order that its head sorts by.
    """

    name: str
    label: Any
    value: Callable[[Any], Any] | None = None
    load: Callable[[Sequence[Any], Any], Mapping[int, Any]] | None = None
    shown: str = ""
    governed: tuple[tuple[type[Model], str], ...] = ()
    opens: Callable[[Any], bool] | None = None
    is_number: bool = False
    edits: str = ""
    order: str = ""
    is_usual: bool = False
    link: Callable[[Any], str] | None = None
    needs: tuple[str, ...] = ()

    def is_open_to(self, user: Any) -> bool:
        readable = all(may_read(user, model, name) for model, name in self.governed)
        return readable and (self.opens is None or self.opens(user))


_columns: dict[str, dict[str, Column]] = {}


def add_columns(subject: type[Model], *columns: Column) -> None:
    """Let lists and files of a subject show these."""
    known = _columns.setdefault(subject._meta.label_lower, {})
    for column in columns:
        if column.name in known:
            raise ValueError(f"{subject._meta.label} shows {column.name} already")
        known[column.name] = column


_orders: dict[str, list[Order]] = {}


def add_orders(subject: type[Model], *orders: Order) -> None:
    """Let lists of a subject be sorted by columns of a room above; each needs its index."""
    _orders.setdefault(subject._meta.label_lower, []).extend(orders)


def orders_of(subject: type[Model]) -> list[Order]:
    """The orders that rooms above added."""
    return list(_orders.get(subject._meta.label_lower, []))


def columns_for(subject: type[Model], user: Any) -> dict[str, Column]:
    """The columns that one person may see, by name."""
    return {name: c for name, c in _columns.get(subject._meta.label_lower, {}).items() if c.is_open_to(user)}


def chosen_columns(subject: type[Model], user: Any, names: Sequence[str], asked: Collection[str] = ()) -> list[Column]:
    """The columns asked for, in their order; without any, the usual ones and those of what the list `asked` about."""
    known = columns_for(subject, user)
    chosen = [known[name] for name in dict.fromkeys(names) if name in known]
    return chosen or [column for column in known.values() if column.is_usual or column.name in asked]


def cells_of(columns: Sequence[Column], rows: Sequence[Any], user: Any) -> list[list[Any]]:
    """The values of rows, column by column: one statement for each column that is loaded from elsewhere."""
    loaded = {column.name: column.load(rows, user) for column in columns if column.load is not None}
    return [
        [
            loaded[column.name].get(row.pk) if column.load is not None else column.value(row)  # type: ignore[misc]
            for column in columns
        ]
        for row in rows
    ]
