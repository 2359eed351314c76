"""Choices of a form's fields that come from tables: asked in one statement instead of one a field, or known already."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator

from pavillon.ui import steady, together


def ask_together(
    form: forms.BaseForm,
    steadily: Callable[[str], steady.Part] | None = None,
    beside: Mapping[str, steady.Part] | None = None,
) -> dict[str, Iterable[Any]]:
    """Have the choices of all fields read when the first one is drawn; a form that is not drawn asks nothing.

    `steadily(name)` is the question of a field, where it is put together once for all who stand alike. What `beside`
    asks comes in the same statement: {name: its rows}, for the page around the form.
    """
    widgets = {
        name: field.widget
        for name, field in form.fields.items()
        if isinstance(field, forms.ModelChoiceField) and isinstance(field.widget.choices, ModelChoiceIterator)
    }
    asked: dict[str, Any] = {name: widget.choices.queryset for name, widget in widgets.items()}
    known: dict[str, list[Any]] = {}
    others = {f"beside {name}": part for name, part in (beside or {}).items()}
    for name, widget in widgets.items():
        widget.choices.queryset = Choices(name, asked, known, steadily, others)
    return {name: Choices(f"beside {name}", asked, known, steadily, others) for name in beside or {}}


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

    def __init__(
        self,
        name: str,
        asked: dict[str, QuerySet],
        known: dict[str, list[Any]],
        steadily: Callable[[str], steady.Part] | None,
        beside: Mapping[str, steady.Part],
    ) -> None:
        self.name, self.asked, self.known, self.steadily, self.beside = name, asked, known, steadily, beside

    def __iter__(self) -> Iterator[Any]:
        if not self.known:
            asked = {name: self.steadily(name) for name in self.asked} if self.steadily else self.asked
            self.known.update(together.ask(**asked, **self.beside))
        return iter(self.known[self.name])

    def count(self) -> int:
        return len(list(self))

    def exists(self) -> bool:
        return bool(self.count())
