"""The values of a row at its creation, as the first line about it keeps them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model

# Only Django knows that a row is new; nothing is done here but to remember it until its first line.
from django.db.models.signals import post_save  # noqa: TID251
from django.dispatch import receiver

from pavillon.activity.sealing import LENGTH
from pavillon.core.changes import Changes

# What no log keeps, however sealed.
UNSPOKEN = {"password", "client_secret"}
_PLAIN = (bool, int, float, Decimal, datetime, date, time)


@receiver(post_save)
def remember_birth(sender: type[Model], instance: Model, created: bool, raw: bool = False, **event: Any) -> None:
    """A row that was just made waits for the line that tells of it."""
    if created and not raw and sender.__module__.startswith("pavillon."):
        instance._state.is_untold = True  # type: ignore[attr-defined]


def take_birth(rows: tuple[Model, ...]) -> Model | None:
    """The first of these rows that was just made and that no line has told yet."""
    born = [row for row in rows if row._state.__dict__.pop("is_untold", False)]
    return born[0] if born else None


def first_values(row: Model) -> Changes:
    """{column: [None, value]} of what was given; what the house computes (not editable) and what is empty stay out.

    Encrypted columns are ciphertext already; the trail seals what is personal. A text is cut at 2,000 characters.
    """
    return {
        column.attname: [None, _kept(column, getattr(row, column.attname))]
        for column in row._meta.concrete_fields
        if column.editable and not column.primary_key and column.name not in UNSPOKEN
        if getattr(row, column.attname) not in (None, "", [], {})
    }


def _kept(column: "Field[Any, Any]", value: Any) -> Any:
    if hasattr(column, "for_the_trail"):
        return column.for_the_trail(str(value)[:LENGTH])
    return value if isinstance(value, _PLAIN) else str(value)[:LENGTH]
