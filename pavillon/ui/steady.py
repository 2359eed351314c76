"""Questions that depend on who asks and on nothing else: put into SQL once for all who stand alike, asked each time.

To put the ten counts of a page's frame together takes the ORM longer than PostgreSQL takes to answer them. The SQL of
such a question is kept under all that it may depend on, the *standing* of its asker: what he is (role, kind and level
of his organisations, the cells of the matrix that bind him), the day, the time zone and the language. Who he is (the
numbers of his account, roles and organisations, their names and dates) stands in its blanks. What changes a right
changes the standing, and the question is put together anew; its rows are read from the database each time.

Three things keep it exact. The question is put together for two invented people of that standing, who have nothing that
the standing does not name: what differs between them are its blanks. One that reads the database or the clock on the
way is found out so, and never kept. And where `settings.PROVE_STEADY` says so (tests) each question is put together
for its true asker as well, and compared.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.core.signals import setting_changed
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from psycopg.types.json import Jsonb

Build = Callable[..., QuerySet[Any, Any] | None]
Question = tuple[str, tuple[Any, ...]]
"""SQL and its parameters."""


@dataclass(frozen=True)
class Standing:
    """What somebody is (`key`), who he is (`values`), and `person(trial)`: somebody invented who stands alike, whose
    values are those of `trials[trial]`."""

    key: tuple[Any, ...]
    values: Sequence[Any]
    trials: tuple[Sequence[Any], Sequence[Any]]
    person: Callable[[int], Any]


@dataclass(frozen=True)
class Written:
    """A question as it is kept: for each parameter the number of its blank, or None where `params` has it."""

    sql: str
    params: tuple[Any, ...]
    blanks: tuple[int | None, ...]
    rows: Any = None
    compiler: Any = None

    def filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            param if blank is None else values[blank] for param, blank in zip(self.params, self.blanks, strict=True)
        )


# Kinds of people times days and questions: some hundreds.
MOST = 5_000

_provider: Callable[[Any], Standing | None] = lambda user: None  # noqa: E731
_kept: dict[tuple[Any, ...], Written | None] = {}
_unsteady: set[Hashable] = set()


class NotSteady(Exception):
    """Two ways to put the same question differ: it depends on more than the standing of who asks."""


def provide(provider: Callable[[Any], Standing | None]) -> None:
    """Say what a person's standing is; called once by `accounts`. None for who has no account."""
    global _provider
    _provider = provider


def put(about: Hashable, user: Any, build: Build, *values: Any) -> Question | None:
    """The SQL and the parameters of `build(user, *values)`, None when it asks for nothing.

    `about` names the question and says whatever it depends on besides the standing: a list's address, a filter.
    `values` are blanks of its own: the number of a record, a moment.
    """
    standing = _provider(user)
    if standing is None or about in _unsteady or _is_loose(values):
        return _sql_of(build(user, *values))
    found = _known(about, standing, build, values)
    if about in _unsteady:
        return _sql_of(build(user, *values))
    question = (found.sql, found.filled([*standing.values, *values])) if found is not None else None
    if getattr(settings, "PROVE_STEADY", False):
        _prove(about, question, found, build(user, *values))
    return question


def rows(about: Hashable, user: Any, build: Build, *values: Any) -> list[Any]:
    """The rows of `build(user, *values)`, their question put as `put` does."""
    standing = _provider(user)
    if standing is not None and about not in _unsteady and not _is_loose(values):
        question = put(about, user, build, *values)
        if question is None:
            return []
        found = _known(about, standing, build, values)
        if found is not None and about not in _unsteady:
            return _asked_again(found, question[1])
    return list(build(user, *values) or ())


def count(about: Hashable, user: Any, build: Build) -> int:
    """How many rows `build(user)` has: those of a slice, when it is one."""
    question = put(about, user, build)
    if question is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({question[0]}) counted", question[1])  # noqa: S608  put by the ORM
        return int(cursor.fetchone()[0])


def _known(about: Hashable, standing: Standing, build: Build, values: Sequence[Any] = ()) -> Written | None:
    now = timezone.now()
    zone = timezone.get_current_timezone_name()
    key = (about, standing.key, get_language(), zone, timezone.localdate(now), now.date())
    try:
        return _kept[key]
    except KeyError:
        pass
    asked = 0

    def count(execute: Any, *told: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*told)

    with connection.execute_wrapper(count):
        try:
            others = [[_another(value, trial, nth) for nth, value in enumerate(values)] for trial in (0, 1)]
            found = _compared(
                lambda trial: build(standing.person(trial), *others[trial]),
                [[*standing.trials[trial], *others[trial]] for trial in (0, 1)],
            )
        except Exception:
            # What differs, or what nobody invented can be asked: the true asker is asked for himself, each time.
            asked += 1
    if asked:
        _unsteady.add(about)
        return None
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = found
    return found


def _is_loose(values: Iterable[Any]) -> bool:
    """Whether a moment among them has no zone: the ORM gives it the house's, a blank would be taken for UTC."""
    return any(isinstance(value, datetime) and timezone.is_naive(value) for value in values)


def _another(value: Any, trial: int, nth: int) -> Any:
    """A value of that kind that occurs nowhere else. Raises NotSteady for kinds that nobody thought of."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return datetime((1802, 1852)[trial], 1, 1 + nth, tzinfo=UTC)
    if isinstance(value, int) and not isinstance(value, bool):
        return (5_550_000_000, 6_660_000_000)[trial] + nth
    raise NotSteady(value)


def _compared(build: Callable[[int], Any], trials: Sequence[Sequence[Any]]) -> Written | None:
    """The question as two invented askers put it. Raises NotSteady when they differ by more than their values.

    What it brings beside its rows must not differ at all: it is kept as the first of them asks for it.
    """
    first, second = build(0), build(1)
    if _brought(first) != _brought(second):
        raise NotSteady
    compiler = first.query.get_compiler(DEFAULT_DB_ALIAS) if first is not None else None
    one, two = _sql_of(first, compiler), _sql_of(second)
    if one is None or two is None:
        if one is not two:
            raise NotSteady
        return None
    if one[0] != two[0] or len(one[1]) != len(two[1]):
        raise NotSteady(one[0])
    blanks = []
    for value, other in zip(_plain(one[1]), _plain(two[1]), strict=True):
        blank = _place(value, trials[0])
        if blank is not None and (type(other) is not type(value) or other != trials[1][blank]):
            raise NotSteady(one[0])
        if blank is None and (type(other) is not type(value) or other != value):
            raise NotSteady(one[0])
        blanks.append(blank)
    return Written(one[0], one[1], tuple(blanks), first, compiler)


def _place(value: Any, trial: Sequence[Any]) -> int | None:
    return next((nth for nth, known in enumerate(trial) if type(known) is type(value) and known == value), None)


def _sql_of(asked: QuerySet[Any, Any] | None, compiler: Any = None) -> Question | None:
    if asked is None:
        return None
    try:
        sql, params = (compiler or asked.query.get_compiler(asked.db)).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _brought(asked: Any) -> tuple[Any, ...]:
    """What `prefetch_related` asks, in SQL with its parameters, and what that brings in its turn."""
    told: list[Any] = []
    for lookup in asked._prefetch_related_lookups if asked is not None else ():
        if isinstance(lookup, str):
            told.append(lookup)
            continue
        inner = getattr(lookup, "querysets", ()) or ([lookup.queryset] if lookup.queryset is not None else [])
        told.append((lookup.prefetch_to, lookup.to_attr, *((_told(rows), _brought(rows)) for rows in inner)))
    return tuple(told)


def _told(asked: QuerySet[Any, Any] | None) -> Any:
    """A question as it can be compared."""
    question = _sql_of(asked)
    return question and (question[0], _plain(question[1]))


def _plain(params: Iterable[Any]) -> list[Any]:
    """As they can be compared: two values of JSON are never equal, what they hold may be."""
    return [value.obj if isinstance(value, Jsonb) else value for value in params]


def _prove(about: Hashable, question: Question | None, known: Written | None, true: Any) -> None:
    if (question and (question[0], _plain(question[1]))) != (asked := _told(true)):
        raise NotSteady(f"{about}: {question} instead of {asked}")
    if known is not None and _brought(known.rows) != (brought := _brought(true)):
        raise NotSteady(f"{about}: brings {_brought(known.rows)} instead of {brought}")


def _asked_again(known: Written, params: Iterable[Any]) -> list[Any]:
    """The rows of a question whose SQL is known, on the connection of this thread."""
    again = copy(known.compiler)
    again.connection = connections[DEFAULT_DB_ALIAS]
    again.as_sql = lambda *told, **named: (known.sql, tuple(params))
    asked = known.rows._chain()
    asked.query.get_compiler = lambda *told, **named: again
    return list(asked)


class Form:
    """A question with blanks, put into SQL once a process: `Form(build, one, two)(7, today)` gives its rows.

    `build(*values)` makes the queryset; `one` and `two` are sets of values that occur nowhere else in the question.
    """

    def __init__(self, build: Build, one: tuple[Any, ...], two: tuple[Any, ...]) -> None:
        self.build, self.trials = build, (one, two)
        self._known: Written | None = None

    def __call__(self, *values: Any) -> list[Any]:
        if self._known is None:
            self._known = _compared(lambda trial: self.build(*self.trials[trial]), self.trials)
        assert self._known is not None
        return _asked_again(self._known, self._known.filled(values))


def forget(**_told: Any) -> None:
    """Put every question together anew: settings are other ones (tests)."""
    _kept.clear()
    _unsteady.clear()


setting_changed.connect(forget)
