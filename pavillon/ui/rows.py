"""What a queryset makes of the rows of its statement, found once: which columns are whose, and what converts them.

Django finds it anew for each statement, which for one row costs as much as asking PostgreSQL does. `build_quickly`
builds an object of a row without the steps that ours need not; `tests/test_quick.py` compares both with Django's own.
"""

from collections.abc import Callable, Sequence
from inspect import getattr_static
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.files import FileDescriptor
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
    prefetch_related_objects,
)
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init  # noqa: TID251  asked whether anybody listens

_PLAIN = (DeferredAttribute, ForeignKeyDeferredAttribute, FileDescriptor)
_model: Any = Model
_state: Any = ModelState
_slow_from_db = _model.from_db.__func__
_slow_init = _model.__init__
_is_plain: dict[type, bool] = {}

Rows = Sequence[Sequence[Any]]


def from_db(model: Any, db: str, field_names: Sequence[str], values: Sequence[Any]) -> Any:
    """An object of one row: what `Model.from_db` and `Model.__init__` do where nobody listens and no column has a
    setter that would do more than keep the value."""
    is_plain = _is_plain.get(model)
    if is_plain is None:
        is_plain = _is_plain[model] = _can_be_built(model)
    if not is_plain:
        return _slow_from_db(model, db, field_names, values)
    made = model.__new__(model)
    state = _state()
    state.adding, state.db = False, db
    held = made.__dict__
    held["_state"] = state
    held.update(zip(field_names, values, strict=True))
    return made


def _can_be_built(model: Any) -> bool:
    return (
        model.__init__ is _slow_init
        and not model._meta.abstract
        and not pre_init.has_listeners(model)
        and not post_init.has_listeners(model)
        and all(type(getattr_static(model, field.attname, None)) in _PLAIN for field in model._meta.concrete_fields)
    )


def build_quickly() -> None:
    """Once a process, when all rooms are there."""
    _model.from_db = classmethod(from_db)


class Reader:
    """What a queryset makes of rows: `Reader(queryset, compiler)(rows, connection)`, the compiler having written it.

    `is_exact` is False for what it leaves to Django: rows as named tuples, keys of several columns, objects that the
    queryset knew before it asked.
    """

    def __init__(self, asked: Any, compiler: Any) -> None:
        self.names: list[str] = []
        # What a statement brings beyond its columns, to be ordered by.
        self.cut = compiler.col_count if compiler.has_extra_select else None
        self.lookups = asked._prefetch_related_lookups
        fields = [selected[0] for selected in compiler.select[: compiler.col_count]]
        self.converters = [(place, *found) for place, found in compiler.get_converters(fields).items()]
        make = {
            ModelIterable: self._objects,
            ValuesListIterable: self._tuples,
            FlatValuesListIterable: self._flat,
            ValuesIterable: self._dictionaries,
        }.get(asked._iterable_class)
        self.is_exact = (
            make is not None and not compiler.has_composite_fields(fields) and not asked._known_related_objects
        )
        self.make: Callable[[Rows], list[Any]] = make or self._tuples
        if make == self._objects:
            self._read_columns(compiler)
        query = asked.query
        if make == self._dictionaries:
            self.names = [*(query.selected or (*query.extra_select, *query.values_select, *query.annotation_select))]

    def _read_columns(self, compiler: Any) -> None:
        info = compiler.klass_info
        self.model = info["model"]
        self.start, self.end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [selected[0].target.attname for selected in compiler.select[self.start : self.end]]
        populators: Any = get_related_populators
        self.related = [one.populate for one in populators(info, compiler.select, DEFAULT_DB_ALIAS)]
        self.annotations = list((compiler.annotation_col_map or {}).items())

    def __call__(self, rows: Rows, connection: Any) -> list[Any]:
        if self.cut is not None:
            rows = [row[: self.cut] for row in rows]
        found = self.make(self._converted(rows, connection) if self.converters else rows)
        if self.lookups and found:
            prefetch_related_objects(found, *self.lookups)
        return found

    def _converted(self, rows: Rows, connection: Any) -> Rows:
        converted = [list(row) for row in rows]
        for place, converters, expression in self.converters:
            for row in converted:
                value = row[place]
                for convert in converters:
                    value = convert(value, expression, connection)
                row[place] = value
        return converted

    def _objects(self, rows: Rows) -> list[Any]:
        found = []
        build, start, end, names = self.model.from_db, self.start, self.end, self.names
        for row in rows:
            made = build(DEFAULT_DB_ALIAS, names, row[start:end])
            for populate in self.related:
                populate(row, made)
            for name, place in self.annotations:
                setattr(made, name, row[place])
            found.append(made)
        return found

    def _tuples(self, rows: Rows) -> list[Any]:
        return [tuple(row) for row in rows] if self.converters else list(rows)

    def _flat(self, rows: Rows) -> list[Any]:
        return [row[0] for row in rows]

    def _dictionaries(self, rows: Rows) -> list[Any]:
        return [dict(zip(self.names, row, strict=False)) for row in rows]
