"""Values of a card in the form in which they are compared and stored: plain JSON, related rows by their key."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import ForeignKey, Model

Stored = dict[str, Any]


def canonical(model: type[Model] | Model, name: str, value: Any) -> Any:
    """One value of a column as JSON keeps it; equal values have equal forms. Empty ones are None."""
    column: Any = model._meta.get_field(name)
    if isinstance(value, Model):
        value = value.pk
    if value is None or value == "" or value == []:
        return None
    value = column.to_python(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip() or None
    return sorted(value) if isinstance(value, list) else value


def stored(record: Model, columns: Iterable[str]) -> Stored:
    """What a record says in some columns."""
    found = {}
    for name in columns:
        column = record._meta.get_field(name)
        assert hasattr(column, "attname")
        found[name] = canonical(record, name, getattr(record, column.attname))
    return found


def given(model: type[Model] | Model, values: Mapping[str, Any]) -> Stored:
    """Values as somebody gives them, without the empty ones."""
    found = {name: canonical(model, name, value) for name, value in values.items()}
    return {name: value for name, value in found.items() if value is not None}


def put(record: Model, values: Mapping[str, Any]) -> None:
    """Write stored values on a record; does not save."""
    for name, value in values.items():
        column = record._meta.get_field(name)
        if isinstance(column, ForeignKey):
            setattr(record, column.attname, value)
        elif value is None:
            setattr(record, name, None if column.null else column.get_default())  # type: ignore[union-attr]
        else:
            setattr(record, name, column.to_python(value))  # type: ignore[union-attr]


def is_empty(values: Mapping[str, Any]) -> bool:
    return all(value in (None, False) for value in values.values())


PLACE = {"postal_code", "commune", "town"}


def completed(group: str, stands: Stored, offered: Stored) -> Stored:
    """A whole group after some of its columns were offered: no year of another amount, no street in another town."""
    kept = dict(stands)
    if group == "address" and PLACE & offered.keys():
        kept |= dict.fromkeys(("address", "region", *PLACE))
    else:
        kept |= {name: None for name in stands if name.endswith("_year")}
    return kept | offered
