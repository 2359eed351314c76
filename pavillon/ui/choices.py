"""Choices of a form's fields that come from tables: asked in one statement instead of one a field, or known already."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator

from pavillon.ui import steady, together


def ask_together(
    form: forms.BaseForm,
    beside: Mapping[str, steady.Part] | None = None,
) -> "Mapping[str, Iterable[Any]]":
    """Have the choices of all fields read when the first one is drawn; a form that is not drawn asks nothing.

    What `beside` asks comes in the same statement: {name: its rows}, for the page around the form.
    """
    asked: dict[str, Any] = {name: widget.choices.queryset for name, widget in _lists_of(form).items()}
    told = Told(lambda: asked, beside)
    told.offer_in(form)
    return told.beside


def _lists_of(form: forms.BaseForm) -> dict[str, Any]:
    """The widgets of fields that choose among rows."""
    return {
        name: field.widget
        for name, field in form.fields.items()
        if isinstance(field, forms.ModelChoiceField) and isinstance(field.widget.choices, ModelChoiceIterator)
    }


class Told:
    """Rows of several questions, asked in one statement when the first of them is wanted."""

    def __init__(self, asked: Callable[[], Mapping[str, Any]], beside: Mapping[str, steady.Part] | None = None) -> None:
        self.asked, self.others = asked, beside or {}

    @cached_property
    def rows(self) -> dict[str, list[Any]]:
        """{name: what was asked under it}; "beside name" for what stands around the form."""
        return together.ask(**self.asked(), **{f"beside {name}": part for name, part in self.others.items()})

    @property
    def beside(self) -> Mapping[str, Iterable[Any]]:
        return {name: Choices(f"beside {name}", self) for name in self.others}

    def offer_in(self, form: forms.BaseForm) -> None:
        """The fields of a form that choose among rows offer these."""
        for name, widget in _lists_of(form).items():
            widget.choices.queryset = Choices(name, self)


class Known:
    """Rows that were read already, where a field of choices has its queryset: it is drawn and validated by them."""

    _prefetch_related_lookups = True

    def __init__(self, model: type[Model], rows: Sequence[Any]) -> None:
        self.model, self.rows = model, rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def all(self) -> "Known":
        return self

    def none(self) -> QuerySet:
        """What a field of several is told when it is left empty."""
        return self.model._default_manager.none()

    def get(self, **asked: Any) -> Any:
        ((name, value),) = asked.items()
        for row in self.rows:
            if str(getattr(row, name)) == str(value):
                return row
        raise self.model.DoesNotExist  # type: ignore[attr-defined]

    def count(self) -> int:
        return len(self.rows)

    def exists(self) -> bool:
        return bool(self.rows)


class Choices:
    """Stands where an iterator of choices has its queryset."""

    # What an iterator of choices asks before it walks the rows themselves rather than a cursor of them.
    _prefetch_related_lookups = True

    def __init__(self, name: str, told: Told) -> None:
        self.name, self.told = name, told

    def __iter__(self) -> Iterator[Any]:
        return iter(self.told.rows[self.name])

    def count(self) -> int:
        return len(list(self))

    def exists(self) -> bool:
        return bool(self.count())
