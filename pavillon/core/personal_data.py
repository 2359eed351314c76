"""Each room declares the personal data that it holds; `privacy` gathers and erases it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

_holdings: dict[type[Model], "Holding"] = {}
_without: set[type[Model]] = set()


@dataclass(frozen=True)
class Holding:
    """What a table holds about people: the fields, how long (months), why, and how to erase one row.

    `of(person)` returns the rows about one person (`privacy.queries.Person`), None where rows are tied to nobody.
    `clock` is the date or moment of a row from which the months run, "" where an account or a record rules it.
    """

    fields: tuple[str, ...]
    keep_months: int
    purpose: Any
    erase: Callable[[Any], None]
    of: Callable[[Any], Any] | None = None
    clock: str = ""


def holds_personal_data(model: type[Model], *, fields: Iterable[str], **said: Any) -> None:
    _holdings[model] = Holding(tuple(fields), **said)


def holds_no_personal_data(*models: type[Model]) -> None:
    _without.update(models)


def holdings() -> dict[type[Model], Holding]:
    return dict(_holdings)


def undeclared(models: Iterable[type[Model]]) -> list[str]:
    return [m._meta.label for m in models if m not in _holdings and m not in _without]
