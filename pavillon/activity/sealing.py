"""What is personal in a line of the trail is sealed under the key of its record, and goes when the person is erased."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Field, ForeignKey, Model

from pavillon.core.changes import Changes
from pavillon.core.fields import seal
from pavillon.core.personal_data import holdings
from pavillon.security.actions import seal_for_records
from pavillon.security.queries import is_sealed

LENGTH = 2000
Told = tuple[Iterable[Model], Changes, dict[str, Any]]


@cache
def _columns(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    return {name: column for column in model._meta.concrete_fields for name in (column.name, column.attname)}


def is_personal(column: "Field[Any, Any]") -> bool:
    """Whether the trail seals a column: it is encrypted in its own table, or its room declares it as personal."""
    holding = holdings().get(column.model)
    declared = holding is not None and column.name in holding.fields and not isinstance(column, ForeignKey)
    return declared or hasattr(column, "for_the_trail")


def sealed_changes(lines: Iterable[Told]) -> list[Changes]:
    """The changes of each line with what is personal sealed: three statements more, whatever the number of lines.

    A change is about the first record of the line that has such a column, the one that was just made before others.
    """
    kept, places, texts = [], [], []
    for about, changes, facts in lines:
        rows = sorted(about, key=lambda row: row._meta.label_lower != facts.get("born"))
        copy = {name: list(pair) for name, pair in changes.items()}
        for name, pair in copy.items():
            # `__class__`: the person of a request is a proxy.
            row = next((row for row in rows if name in _columns(row.__class__)), None)
            column = _columns(row.__class__)[name] if row is not None else None
            if row is None or column is None or not is_personal(column):
                continue
            for side, value in enumerate(pair):
                if value not in (None, ""):
                    places.append((pair, side))
                    texts.append((row, value if is_sealed(value) else seal(column, str(value)[:LENGTH])))
        kept.append(copy)
    if texts:
        for (pair, side), text in zip(places, seal_for_records(texts), strict=True):
            pair[side] = text
    return kept
