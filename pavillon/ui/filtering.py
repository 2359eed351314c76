"""Filters of a list as somebody else would set them: what `ui.lists` needs to put a list's question once for all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import SimpleLazyObject
from django_filters.constants import EMPTY_VALUES
from django_filters.filters import QuerySetRequestMixin

from pavillon.ui.choices import Known


class Later(SimpleLazyObject):
    """Rows that are put together when somebody wants them, and not by who asks for their model."""

    def __init__(self, model: type[Model], make: Callable[[], QuerySet]) -> None:
        super().__init__(make)
        self.__dict__["model"] = model


def names_of_choices(filterset: Any, request: HttpRequest) -> list[str] | None:
    """The filters that an address sets, when each is a choice among fixed words; None when any is not."""
    asked = [name for name in filterset.filters if request.GET.getlist(name) not in ([], [""])]
    return asked if all(type(filterset.filters[name]) is django_filters.ChoiceFilter for name in asked) else None


def without_lookups(filterset: Any) -> dict[str, Any]:
    """What the filters of rows offer, by name; their fields stand without it, for nothing is looked up in them.

    They are drawn by the question that `ask_together` is given.
    """
    rows = {name: one for name, one in filterset.filters.items() if isinstance(one, QuerySetRequestMixin)}
    found = {name: one.queryset for name, one in rows.items()}
    for one in rows.values():
        one.queryset = Known(one.model, [])
    return found


def choices_of(filterset: Any, names: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
    """What an address narrows a list by; None where it is wrong, or narrows it by something else as well.

    What narrows is what a filter was told in the end: a span of days stands in an address under two other names.
    """
    if not filterset.is_bound:
        return ()
    if filterset.errors:
        return None
    told = filterset.form.cleaned_data
    if any(name not in names and not _is_empty(value) for name, value in told.items()):
        return None
    return tuple((name, str(told[name])) for name in sorted(names) if name in told)


def _is_empty(value: Any) -> bool:
    """Whether a filter that is told this leaves all rows."""
    return value.query.is_empty() if isinstance(value, QuerySet) else value in EMPTY_VALUES


@contextmanager
def asked_by(filterset: Any, user: Any, chosen: Sequence[tuple[str, str]]) -> Iterator[None]:
    """A filter as somebody else would ask for it: with his name and these choices in the request, and nothing else."""
    true = filterset.request
    filterset.request = HttpRequest()
    filterset.request.user = user
    filterset.request.GET = QueryDict(urlencode(chosen))
    try:
        yield
    finally:
        filterset.request = true
