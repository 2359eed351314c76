"""Every read of a record, a list, an export or an API object is told here; `security` keeps the log."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

_keeper: list[Callable[..., object]] = []
_listeners: list[Callable[[Any, Model, str], None]] = []


def keep_reads_with(keeper: Callable[..., object]) -> None:
    """Say who keeps the log; called once by `security`."""
    _keeper[:] = [keeper]


def hear_reads(listener: Callable[[Any, Model, str], None]) -> None:
    """Let a room hear each reading of one record as well: `listener(user, record, how)`."""
    _listeners.append(listener)


def note_read(user: Any, subject: Model | type[Model], *, how: str, rows: int = 1, ids: Iterable[object] = ()) -> None:
    """Tell that a person read one record, or `rows` rows of a table.

    `how` is page, list, search, export, api, document or panel. `ids` are the keys of the rows of a list or an
    export: with them "who saw this company" also finds the lists in which it stood.
    """
    model, pk = (subject, None) if isinstance(subject, type) else (type(subject), subject.pk)
    for keeper in _keeper:
        keeper(user=user, model=model, pk=pk, how=how, rows=rows, ids=ids)
    if not isinstance(subject, type):
        for listener in _listeners:
            listener(user, subject, how)
