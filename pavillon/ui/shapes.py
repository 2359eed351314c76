"""Shapes of the API's answers, for its document: taken from the columns that an endpoint shows, so that both agree.

A field that a caller may not read is absent, so only the number of an object is always there; a value that is locked
stands as text whatever its column.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer"}
YES_OR_NO: Shape = {"type": "boolean"}
DAY: Shape = {"type": "string", "format": "date"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
ANYTHING: Shape = {}
# Of columns, the narrowest first: a moment is a day for Django.
KINDS: list[tuple[type[models.Field], Shape]] = [
    (models.BooleanField, YES_OR_NO),
    (models.DateTimeField, MOMENT),
    (models.DateField, DAY),
    (models.TimeField, {"type": "string", "format": "time"}),
    (models.IntegerField, NUMBER),
    (models.FloatField, {"type": "number"}),
    # Written as text, so that no reader rounds it.
    (models.DecimalField, {"type": "string", "format": "decimal"}),
    (models.JSONField, ANYTHING),
    (models.CharField, TEXT),
    (models.TextField, TEXT),
]


def many(item: Shape) -> Shape:
    return {"type": "array", "items": item}


def or_null(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]} if shape else shape


def made_of(needed: dict[str, Shape], optional: dict[str, Shape] | None = None) -> Shape:
    """An object with these names and no others."""
    names = needed | (optional or {})
    return {"type": "object", "properties": names, "required": list(needed), "additionalProperties": False}


def counted_by_name(value: Shape | None = None) -> Shape:
    """An object whose names are data: {name: value}."""
    return {"type": "object", "additionalProperties": value or ANYTHING}


def column(field: Any) -> Shape:
    """What a column looks like in JSON."""
    if isinstance(field, models.ForeignKey):
        shape = column(field.target_field)
    elif isinstance(field, ArrayField):
        shape = many(column(field.base_field))
    else:
        shape = next((found for kind, found in KINDS if isinstance(field, kind)), ANYTHING)
    if field.choices and shape == TEXT:
        known = [key for key, _label in field.flatchoices]
        shape = {"type": "string", "enum": [*known, *([""] if field.blank and "" not in known else [])]}
    return or_null(shape) if field.null else shape


def row_of(model: Any, fields: Iterable[str], **more: Shape) -> Shape:
    """An object with its number and what the caller may read of `fields`; `more` is always there."""
    return made_of({"id": NUMBER} | more, {name: _told(model, name) for name in fields})


def _told(model: Any, name: str) -> Shape:
    try:
        return column(model._meta.get_field(name))
    except FieldDoesNotExist:
        # "region_id" is the column behind "region"; what is no column at all is worked out, as text.
        behind = [field for field in model._meta.concrete_fields if field.attname == name]
        return column(behind[0]) if behind else TEXT


def page_of_rows(item: Shape) -> Shape:
    return made_of({"items": many(item), "next": or_null(NUMBER)})


# Whatever went wrong: `detail` in words, or what ninja says of each wrong field; `errors` by field; budgets say more.
PROBLEM = made_of(
    {"detail": {"anyOf": [TEXT, many(counted_by_name())]}},
    {"errors": ANYTHING, "id": NUMBER, "title": TEXT, "status": NUMBER},
)


def _content(shape: Shape, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": shape}}


def answers(shape: Shape, *, status: int = 200, **besides: Any) -> dict[str, Any]:
    """For `openapi_extra` of an operation: the shape of its good answer and of every other one.

    `besides`: the rest of what the document says of it, as the fields of a writing call.
    """
    said: dict[Any, Any] = {
        status: {"description": "Done" if status == 201 else "OK", "content": _content(shape)},
        "default": {
            "description": "Refused, not found, or not as the document says.",
            "content": _content(PROBLEM) | _content(PROBLEM, "application/problem+json"),
        },
    }
    return {"responses": said} | besides
