"""Questions that depend on who asks and on nothing else: put into SQL once for all who stand alike, asked each time.

To put the ten counts of a page's frame together takes the ORM longer than PostgreSQL takes to answer them. The SQL of
such a question is kept under all that it may depend on, the *standing* of its asker: what he is (role, kind and level
of his organisations, the cells of the matrix that bind him), the day, the time zone and the language. Who he is (the
numbers of his account, roles and organisations, their names and dates) stands in its blanks. What changes a right
changes the standing, and the question is put together anew; its rows are read from the database each time.

Three things keep it exact. The question is put together for two invented people of that standing, who have nothing that
the standing does not name: what differs between them are its blanks. One that reads the database or the clock on the
way is found out so, and never kept. And where `settings.PROVE_STEADY` says so (tests) a question is put together for
its true asker as well, and compared: the first times, then now and again.
"""

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from psycopg import ClientCursor

from pavillon.core.postgresql.kept import like, written_once
from pavillon.ui import blanks
from pavillon.ui.blanks import Build, NotSteady, Question, Written, brought, compared, plain, rows_of, sql_of, told


@dataclass(frozen=True)
class Standing:
    """What somebody is (`key`), who he is (`values`), and `person(trial)`: somebody invented who stands alike, whose
    values are those of `trials[trial]`."""

    key: tuple[Any, ...]
    values: Sequence[Any]
    trials: tuple[Sequence[Any], Sequence[Any]]
    person: Callable[[int], Any]


class Part(NamedTuple):
    """A question as it is put now, for `rows`, `exists` or one of several that `ui.together` asks: what is kept of it
    and what stands in its blanks (`params`); or `loose`, put together by the ORM for this once; neither, when it asks
    for nothing."""

    known: Written | None
    params: Sequence[Any] = ()
    loose: QuerySet[Any, Any] | None = None

    @property
    def question(self) -> Question | None:
        return sql_of(self.loose) if self.known is None else (self.known.kept, tuple(self.params))

    def rows(self, *, walks: bool = False) -> list[Any]:
        if self.known is None:
            return list(self.loose) if self.loose is not None else []
        return rows_of(self.known, self.params, walks=walks)


logger = logging.getLogger(__name__)
# Kinds of people times questions: some hundreds, of 50 kB each. Those of yesterday are the first to go.
MOST = 2_000

_provider: Callable[[Any], Standing | None] = lambda user: None  # noqa: E731
_kept: dict[tuple[Any, ...], Written | None] = {}
_unsteady: set[Hashable] = set()
_proofs: dict[tuple[Hashable, int], int] = {}


def provide(provider: Callable[[Any], Standing | None]) -> None:
    """Say what a person's standing is; called once by `accounts`. None for who has no account."""
    global _provider
    _provider = provider


def part(about: Hashable, user: Any, build: Build, *values: Any) -> Part:
    """`build(user, *values)` as a question that is put together once for all who stand alike.

    `about` names the question and says whatever it depends on besides the standing: a list, a choice of a filter. Each
    is kept, so that nothing may stand in it of which an address can say thousands.
    `values` are blanks of its own: the number of a record, a moment with its zone, a day, a text, a UUID, a decimal; or
    a list of one of them, as one array (`ui.keyset.among`, `= ANY(%s)`; never `__in`, which has a blank for each).
    What is empty (0, "", []), a boolean, None and what a choice names are no blanks but part of the question's name.
    A question may not compare a blank with anything while it is put together: it would be put for what was invented.
    """
    standing = _provider(user)
    if standing is None or about in _unsteady or blanks.is_loose(values):
        return Part(None, (), build(user, *values))
    known = _known(about, user, standing, build, values)
    if about in _unsteady:
        return Part(None, (), build(user, *values))
    given = [*standing.values, *values]
    if getattr(settings, "PROVE_STEADY", False) and _is_due(about, standing, values):
        _prove(about, known, given, build(user, *values))
    return Part(known, known.values(given) if known is not None else ())


def _is_due(about: Hashable, standing: Standing, values: Sequence[Any]) -> bool:
    """Each of the first three times, then each thirtieth: thousands of proofs of one question say nothing more."""
    key = (about, hash(standing.key), get_language(), *map(blanks.shape_of, values))
    _proofs[key] = nth = _proofs.get(key, 0) + 1
    return nth <= 3 or nth % 30 == 0


def put(about: Hashable, user: Any, build: Build, *values: Any) -> Question | None:
    """The SQL and the parameters of such a question, None when it asks for nothing.

    The SQL is one that the database prepares; what is made of several is as well, when it is `like` them."""
    return part(about, user, build, *values).question


def rows(about: Hashable, user: Any, build: Build, *values: Any, walks: bool = False) -> list[Any]:
    """The rows of such a question: objects, tuples or dictionaries, whatever its queryset makes of them.

    `walks`: it takes the first rows along an index, and soon meets enough, whoever asks (`core.postgresql.kept`)."""
    return part(about, user, build, *values).rows(walks=walks)


def exists(about: Hashable, user: Any, build: Build, *values: Any) -> bool:
    """Whether it has any row. `ui.together.exist` asks several at once."""
    question = put(about, user, build, *values)
    return question is not None and bool(_one("SELECT EXISTS ({})", question))


def count(about: Hashable, user: Any, build: Build, *values: Any) -> int:
    """How many rows it has: those of a slice, when it is one."""
    question = put(about, user, build, *values)
    return 0 if question is None else int(_one("SELECT count(*) FROM ({}) counted", question))


def _one(sql: str, question: Question) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_around((question[0],), sql), question[1])
        return cursor.fetchone()[0]


@written_once
def _around(questions: tuple[str, ...], sql: str) -> str:
    return like(questions, sql.format(*questions))


def _known(about: Hashable, user: Any, standing: Standing, build: Build, values: Sequence[Any]) -> Written | None:
    shape = tuple(map(blanks.shape_of, values)) if values else ()
    key = (about, standing.key, shape, get_language(), _day())
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
            others = [[blanks.another(value, trial, nth) for nth, value in enumerate(values)] for trial in (0, 1)]
            found = compared(
                lambda trial: build(standing.person(trial), *others[trial]),
                [[*standing.trials[trial], *others[trial]] for trial in (0, 1)],
            )
            # An invented number may be too large for a column, so that nothing is asked for.
            if found is None and values and sql_of(build(user, *values)) is not None:
                raise NotSteady(about)
        except NotSteady:
            # What differs is put together for the true asker himself, each time.
            asked += 1
        except Exception as error:
            # As is what nobody invented can be asked. Told once, for it may as well be a mistake.
            logger.warning("%s is put together each time: nobody invented can be asked (%r)", about, error)
            asked += 1
    if asked:
        if len(_unsteady) >= MOST:
            _unsteady.clear()
        _unsteady.add(about)
        return None
    if len(_kept) >= MOST:
        for oldest in list(_kept)[: MOST // 4]:
            _kept.pop(oldest, None)
    _kept[key] = found
    return found


_days: dict[str, tuple[int, Hashable]] = {}


def _day() -> Hashable:
    """The zone with its day and that of UTC: neither changes within a minute."""
    now = timezone.now()
    zone, minute = timezone.get_current_timezone_name(), int(now.timestamp()) // 60
    known = _days.get(zone)
    if known is None or known[0] != minute:
        known = _days[zone] = (minute, (zone, timezone.localdate(now), now.date()))
    return known[1]


def _prove(about: Hashable, known: Written | None, given: Sequence[Any], true: Any) -> None:
    question = known and (known.sql, plain(known.filled(given)))
    if question != (asked := told(true)):
        raise NotSteady(f"{about}: {question} instead of {asked}")
    if known is None:
        return
    if brought(known.rows) != brought(true):
        raise NotSteady(f"{about}: brings {brought(known.rows)} instead of {brought(true)}")
    words = ClientCursor(connection.connection)
    if words.mogrify(known.kept, known.values(given)) != words.mogrify(known.sql, known.filled(given)):
        raise NotSteady(f"{about}: {known.kept} instead of {known.sql}")


class Form:
    """A question with blanks, put into SQL once a process: `Form(build, one, two)(7, today)` gives its rows.

    `build(*values)` makes the queryset; `one` and `two` are sets of values that occur nowhere else in the question.
    """

    def __init__(self, build: Build, one: tuple[Any, ...], two: tuple[Any, ...]) -> None:
        self.build, self.trials = build, (one, two)
        self._known: Written | None = None

    def part(self, *values: Any) -> Part:
        """For `ui.together`."""
        if self._known is None:
            self._known = compared(lambda trial: self.build(*self.trials[trial]), self.trials)
        assert self._known is not None
        return Part(self._known, self._known.values(values))

    def __call__(self, *values: Any) -> list[Any]:
        return self.part(*values).rows()


def forget() -> None:
    """Put every question together anew."""
    _kept.clear()
    _unsteady.clear()


# What was kept before settings were changed (tests), and how many are.
_before: tuple[dict[tuple[Any, ...], Written | None], set[Hashable]] = _kept, _unsteady
_changed = 0


def follow_settings(*, enter: bool, **_told: Any) -> None:
    """Put every question together anew while settings are other ones; what was kept before comes back after them."""
    global _kept, _unsteady, _before, _changed
    if enter and not _changed:
        _before = _kept, _unsteady
    _changed = _changed + 1 if enter else max(0, _changed - 1)
    _kept, _unsteady = ({}, set()) if _changed else _before


setting_changed.connect(follow_settings)
