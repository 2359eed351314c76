"""Which page an address means, found by its first segment (decision 0050).

Django asks the patterns of forty rooms one after the other, and notes each refusal for a page that only developers see.
Here each list of patterns has an index: those that can match an address by what stands before its first "/". Which of
them matches, in which order and with which arguments is Django's own word (`tests/test_quick.py` compares the two);
what matches nothing is asked of Django again, which says so in its own way.
"""

from typing import Any

from django.conf import settings
from django.urls.resolvers import ResolverMatch, RoutePattern, URLPattern, URLResolver

from pavillon.ui.quick import put_in_place

_resolver: Any = URLResolver
_slow_resolve = _resolver.resolve


class _Found:
    """What `ResolverMatch` is made of, while one looks."""

    __slots__ = ("args", "captured", "extra", "kwargs", "leaf", "route", "within")

    def __init__(self, leaf: Any, args: Any, captured: Any) -> None:
        self.leaf, self.args, self.captured, self.extra = leaf, args, captured, leaf.default_args
        self.kwargs, self.route = {**captured, **leaf.default_args}, str(leaf.pattern)
        self.within: list[Any] = []


def find_page(resolver: Any, path: Any) -> Any:
    """`URLResolver.resolve`."""
    found = None if settings.DEBUG else _found(resolver, str(path))
    if found is None:
        return _slow_resolve(resolver, path)
    around = found.within[::-1]
    return ResolverMatch(
        found.leaf.callback,
        found.args,
        found.kwargs,
        found.leaf.pattern.name,
        [one.app_name for one in around],
        [one.namespace for one in around],
        found.route,
        [],
        captured_kwargs=found.captured,
        extra_kwargs=found.extra,
    )


def _found(resolver: Any, path: str) -> _Found | None:
    matched = resolver.pattern.match(path)
    if not matched:
        return None
    rest, args, kwargs = matched
    for pattern in _patterns_for(resolver, rest):
        if isinstance(pattern, URLResolver):
            found = _found(pattern, rest)
            own = str(pattern.pattern) if found is not None else ""
        else:
            reached = pattern.pattern.match(rest)
            found, own = (_Found(pattern, reached[1], reached[2]) if reached else None), ""
        if found is None:
            continue
        found.kwargs = {**kwargs, **resolver.default_kwargs, **found.kwargs}
        if not found.kwargs:
            found.args = args + found.args
        found.extra = {**resolver.default_kwargs, **found.extra}
        found.route = resolver._join_route(own, found.route)
        found.within.append(resolver)
        return found
    return None


def _patterns_for(resolver: Any, path: str) -> list[Any]:
    """Those of its patterns that can match, in their order."""
    index = resolver.__dict__.get("_by_first_segment")
    if index is None:
        index = resolver.__dict__["_by_first_segment"] = _index_of(resolver)
    found: list[Any] = index.get(_first_segment(path), index[None])
    return found


def _index_of(resolver: Any) -> dict[str | None, list[Any]]:
    """{first segment: its patterns}; under None those that may match any."""
    told = [(pattern, _firsts(pattern)) for pattern in resolver.url_patterns]
    known = {first for _pattern, firsts in told for first in firsts or ()}
    index: dict[str | None, list[Any]] = {
        first: [pattern for pattern, firsts in told if firsts is None or first in firsts] for first in known
    }
    return {**index, None: [pattern for pattern, firsts in told if firsts is None]}


def _first_segment(path: str) -> str:
    head, slash, _tail = path.partition("/")
    return head + slash


def _firsts(pattern: Any) -> set[str] | None:
    """With which segments an address begins that it may match; None for any."""
    route = getattr(pattern.pattern, "_route", None)
    if type(pattern.pattern) is not RoutePattern or not isinstance(route, str):
        return None
    said, variable, _rest = route.partition("<")
    if "/" in said:
        return {_first_segment(said)}
    if isinstance(pattern, URLPattern):
        return None if variable else {said}
    if route:
        return None
    inner: set[str] = set()
    for one in pattern.url_patterns:
        firsts = _firsts(one)
        if firsts is None:
            return None
        inner |= firsts
    return inner


def resolve_quickly() -> None:
    """Put it in Django's place; called when the process begins."""
    put_in_place((URLResolver, "resolve", find_page))
