"""Filters of a list as somebody else would set them: what `ui.lists` needs to put a list's question once for all."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import SimpleLazyObject
from django_filters.constants import EMPTY_VALUES
from django_filters.filters import QuerySetRequestMixin

from pavillon.ui.blank_forms import NotAlike
from pavillon.ui.choices import Known, Told


class Later(SimpleLazyObject):
    """Rows that are put together when somebody wants them, and not by who asks for their model."""

    def __init__(self, model: type[Model], make: Callable[[], QuerySet]) -> None:
        super().__init__(make)
        self.__dict__["model"] = model


@dataclass(frozen=True)
class Heard:
    """What an address says to the filters of a list, where it narrows it by choices among fixed words alone.

    It is known by the filters and the address, whoever asks: `key`. `names` are the fields of the form, and `lookups`
    those among them that choose among rows.
    """

    key: tuple[Any, ...]
    chosen: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    lookups: tuple[str, ...]


class Narrowing:
    """The filters of a list as one address sets them, for anybody who stands alike; `rows(user)` are those of the list.

    They are made when somebody needs them: to put a question together, or to be drawn.
    """

    def __init__(
        self, filters: type[django_filters.FilterSet], request: HttpRequest, rows: Callable[[Any], QuerySet]
    ) -> None:
        self.filters, self.request, self.whole = filters, request, rows

    def looked_up(self) -> Any:
        """With all that its fields look up."""
        later: Any = Later(self.filters._meta.model, lambda: self.whole(self.request.user))
        return self.filters(self.request.GET or None, queryset=later, request=self.request)

    @cached_property
    def _without_lookups(self) -> tuple[Any, dict[str, Any]]:
        filterset = self.looked_up()
        return filterset, without_lookups(filterset)

    @property
    def filterset(self) -> Any:
        """With fields that look nothing up."""
        return self._without_lookups[0]

    def offering(self, told: Told) -> Any:
        """The same, to be drawn with these rows."""
        told.offer_in(self.filterset.form)
        return self.filterset

    def rows(self, chosen: Sequence[tuple[str, str]], user: Any) -> QuerySet:
        """What somebody finds under these choices."""
        filterset = self.filterset
        with asked_by(filterset, user, chosen):
            return filterset.filter_queryset(self.whole(user)) if filterset.is_valid() else self.whole(user)

    def choices(self, chosen: Sequence[tuple[str, str]], field: str, user: Any) -> QuerySet:
        """What one of its fields offers him."""
        filterset, lookups = self._without_lookups
        with asked_by(filterset, user, chosen):
            offered = lookups[field]
            found: QuerySet = offered(filterset.request) if callable(offered) else offered
            return found


# Addresses that were heard lately; each says little.
MOST = 500
_heard: dict[tuple[Any, ...], Heard] = {}


def heard(filters: type[django_filters.FilterSet], request: HttpRequest, bound: Callable[[], Any]) -> Heard | None:
    """None where an address narrows a list by something else as well, or is wrong.

    `bound()` are the filters as the address sets them, which are made where nobody came by such an address lately: a
    form of ten fields takes longer to make than its list.
    """
    told = tuple(filters.base_filters)
    lists = sorted(request.GET.lists())
    said = tuple((name, *values) for name, values in lists if name.startswith(told) and any(values))
    if any(name not in filters.base_filters or len(values) > 1 for name, *values in said):
        # What an address may say without end is not remembered.
        return None
    key = (filters, bool(request.GET), said)
    known = _heard.get(key)
    if known is not None and not getattr(settings, "PROVE_STEADY", False):
        return known
    filterset = bound()
    names = names_of_choices(filterset, request)
    chosen = choices_of(filterset, names) if names is not None else None
    if chosen is None:
        return None
    fields = filterset.form.fields
    found = Heard(key, chosen, tuple(fields), tuple(name for name in lookups_of(filterset) if name in fields))
    if known is not None and known != found:
        raise NotAlike(f"{filters.__qualname__}: {found} instead of {known}")
    if len(_heard) >= MOST:
        _heard.clear()
    _heard[key] = found
    return found


def words_of(rows: Mapping[str, Sequence[Any]]) -> Hashable:
    """All that rows hold, by which what is drawn of them may be known."""
    return tuple(
        (name, tuple(tuple(value for told, value in vars(row).items() if told != "_state") for row in found))
        for name, found in rows.items()
    )


def names_of_choices(filterset: Any, request: HttpRequest) -> list[str] | None:
    """The filters that an address sets, when each is a choice among fixed words; None when any is not."""
    asked = [name for name in filterset.filters if request.GET.getlist(name) not in ([], [""])]
    return asked if all(type(filterset.filters[name]) is django_filters.ChoiceFilter for name in asked) else None


def lookups_of(filterset: Any) -> dict[str, Any]:
    """The filters that choose among rows, by name."""
    return {name: one for name, one in filterset.filters.items() if isinstance(one, QuerySetRequestMixin)}


def without_lookups(filterset: Any) -> dict[str, Any]:
    """What the filters of rows offer, by name; their fields stand without it, for nothing is looked up in them.

    They are drawn by the question that the list asks for them.
    """
    rows = lookups_of(filterset)
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
