"""Each room declares the personal data that it holds; `privacy` gathers and erases it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import Model

_holdings: dict[type[Model], "Holding"] = {}
_without: set[type[Model]] = set()
_forgetters: list[Callable[[str], None]] = []


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

    def __post_init__(self) -> None:
        # What is kept of a row outside its table goes with it, whoever erases it.
        object.__setattr__(self, "erase", _thorough(self.erase))


def _thorough(erase: Callable[[Any], None]) -> Callable[[Any], None]:
    @wraps(erase)
    def erase_everywhere(row: Any) -> None:
        subject = f"{row._meta.label_lower}:{row.pk}"  # a deleted row has no number any more
        with transaction.atomic():
            erase(row)
            for forget in _forgetters:
                forget(subject)

    return erase_everywhere


def forget_also(forgetter: Callable[[str], None]) -> None:
    """Say what else must go with an erased row ("directory.contact:12"): what is kept of it outside its own table."""
    _forgetters.append(forgetter)


def erase(row: Model) -> None:
    """Erase what a row holds about a person, as its room declares it."""
    _holdings[row.__class__].erase(row)


def holds_personal_data(model: type[Model], *, fields: Iterable[str], **said: Any) -> None:
    _holdings[model] = Holding(tuple(fields), **said)


def holds_no_personal_data(*models: type[Model]) -> None:
    _without.update(models)


def holdings() -> dict[type[Model], Holding]:
    return dict(_holdings)


def undeclared(models: Iterable[type[Model]]) -> list[str]:
    return [m._meta.label for m in models if m not in _holdings and m not in _without]
