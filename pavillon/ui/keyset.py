"""Long lists: pages found by where the last one ended, never by counting rows; as quick at row 500,000 as at row 1.

Two regimes, one bound. Up to `CAP` matching rows their keys are fetched once and the page is sorted among them: no plan
can go wrong on a rare filter. Beyond, at least one row in a hundred of a million matches, and walking the order's index
from the cursor meets a page after a few thousand of them.
"""

import base64
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models
from django.db.models import Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pavillon.core.postgresql.kept import Kept, Walked
from pavillon.ui import steady
from pavillon.ui.lists import CAP, PER_PAGE
from pavillon.ui.words import number

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The parameter that asks for the whole list where a saved view stands for it.
ALL = "all"


class Beyond(Func):
    """(a, b) > (x, y): a row comparison, which a composite index answers by a range."""

    output_field = models.BooleanField()

    def __init__(self, columns: Sequence[Any], values: Sequence[Any], sign: str) -> None:
        super().__init__(*columns, *values)
        self.half, self.sign = len(columns), sign

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        parts, params = [], []
        for expression in self.source_expressions:
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        left, right = ", ".join(parts[: self.half]), ", ".join(parts[self.half :])
        return f"({left}) {self.sign} ({right})", params


class KeysWithin(ArrayAgg):
    """All keys in one array, or NULL when they are more than CAP."""

    template = f"CASE WHEN count(*) <= {CAP} THEN %(function)s(%(expressions)s) END"


def among(keys: Sequence[int] | str | QuerySet, column: str = "pk") -> Func:
    """column = ANY(keys): one parameter however many, or the keys that a queryset finds before anything is joined.

    A text is an array as PostgreSQL writes one ("{1,2}"): thousands of keys that are only handed on are not read here.
    """
    numbers = ArrayField(models.BigIntegerField())
    array: Any = None
    if isinstance(keys, QuerySet):
        array = ArraySubquery(keys)
    elif isinstance(keys, str):
        array = Cast(Value(keys, output_field=models.TextField()), numbers)
    array = array or Value(list(keys), output_field=numbers)
    return Func(F(column), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=models.BooleanField())


@dataclass(frozen=True)
class Order:
    """An order that an index holds: all its columns run in one direction, the key breaks ties.

    `is_nullable`: the first column may be NULL; such rows always come last. `has_letters`: the first column is text in
    upper case, so that one can jump to a letter. `is_descending`: its natural direction.
    """

    name: str
    label: Any
    columns: tuple[str, ...]
    is_descending: bool = False
    is_nullable: bool = False
    has_letters: bool = False
    governed: tuple[tuple[type[models.Model], str], ...] = ()
    opens: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Steadily:
    """How a list is asked for through `ui.steady`: `rows(user)` and `walked(user)` depend on nothing but who asks and
    on what `about` names; `shown` names what the lines of a page read beside their rows. Few different ones, for each
    is kept: not whatever an address may say."""

    about: Hashable
    user: Any
    rows: Callable[[Any], QuerySet]
    walked: Callable[[Any], QuerySet]
    shown: Hashable = ()


@dataclass
class KeysetListing:
    """One page of a long list, as its template needs it (`listing` in the context)."""

    request: HttpRequest
    queryset: QuerySet
    orders: Mapping[str, Order]
    default: str
    is_narrowed: bool = True
    per_page: int = PER_PAGE
    with_facts: Any = None
    # The same rows, asked for in a way that suits a walk along the index of the order.
    walked: QuerySet | None = None
    exports: list[tuple[str, str]] = field(default_factory=list)
    steadily: "Steadily | None" = None

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def model(self) -> type[models.Model]:
        found: type[models.Model] = self.queryset.model
        return found

    @cached_property
    def sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted.lstrip("-") in self.orders else self.default

    @cached_property
    def order(self) -> Order:
        return self.orders[self.sort.lstrip("-")]

    @property
    def is_descending(self) -> bool:
        return self.order.is_descending != self.sort.startswith("-")

    # How many

    @cached_property
    def keys(self) -> list[int] | None:
        """The keys of all matching rows; None when there are more than CAP, which then stay where they are."""
        if self.steadily is not None:
            return self._keys_steadily(self.steadily)
        found = self.queryset.order_by().values("pk")[: CAP + 1].aggregate(n=Count("pk"), keys=KeysWithin("pk"))
        return (found["keys"] or []) if found["n"] <= CAP else None

    def _keys_steadily(self, how: Steadily) -> list[int] | None:
        question = steady.put(
            (*_named(how), "keys", CAP), how.user, lambda user: how.rows(user).order_by().values("pk")[: CAP + 1]
        )
        if question is None:
            return []
        within = f"count(*), CASE WHEN count(*) <= {CAP} THEN array_agg(key) END"
        asked = f"SELECT {within} FROM ({question[0]}) AS found (key)"  # noqa: S608  put by the ORM
        with connection.cursor() as cursor:
            # Judged as a whole: nobody's rows are counted beyond CAP.
            cursor.execute(Walked(asked) if isinstance(question[0], Kept) else asked, question[1])
            n, keys = cursor.fetchone()
        return (keys or []) if n <= CAP else None

    @property
    def is_capped(self) -> bool:
        return self.keys is None

    @property
    def total(self) -> int:
        return CAP if self.keys is None else len(self.keys)

    @property
    def total_text(self) -> str:
        return f"{number(CAP)}+" if self.is_capped else number(self.total)

    # Which

    @cached_property
    def base(self) -> QuerySet:
        if self.keys is None:
            return self.queryset if self.walked is None else self.walked
        rows = self.model._default_manager.filter(among(self.keys))
        return rows.annotate(**self.queryset.query.annotations)

    def ordered(self) -> QuerySet:
        """All matching rows in this order: for files."""
        return self.queryset.order_by(*self._by(self.is_descending))

    def _by(self, descending: bool) -> list[Any]:
        columns = []
        for place, name in enumerate((*self.order.columns, "pk")):
            nulls = {"nulls_last": True} if place == 0 and self.order.is_nullable else {}
            columns.append(F(name).desc(**nulls) if descending else F(name).asc(**nulls))
        return columns

    @cached_property
    def anchor(self) -> tuple[str, list[Any]] | None:
        """Where this page begins: ("after" | "before" | "from", values); None at the start or for a broken address."""
        for how in ("after", "before"):
            written = self.request.GET.get(how, "")
            if written and (values := self._read_cursor(written)) is not None:
                return how, values
        letter = self.request.GET.get("from", "")[:1].upper()
        return ("from", [letter]) if letter and letter in LETTERS and self.order.has_letters else None

    def _read_cursor(self, written: str) -> list[Any] | None:
        try:
            values = json.loads(base64.urlsafe_b64decode(written.encode() + b"=="))
            columns = self._columns()
            if not isinstance(values, list) or len(values) != len(columns):
                return None
            return [None if v is None else column.to_python(v) for v, column in zip(values, columns, strict=True)]
        except (ValueError, ValidationError, TypeError):
            return None

    def _columns(self) -> list[Any]:
        columns: list[Any] = []
        for name in (*self.order.columns, "pk"):
            model: Any = self.model
            *steps, last = name.split("__")
            try:
                for step in steps:
                    model = model._meta.get_field(step).related_model
                columns.append(model._meta.pk if last == "pk" else model._meta.get_field(last))
            except FieldDoesNotExist:
                columns.append(self.queryset.query.annotations[name].output_field)
        return columns

    def _cursor(self, row: Any) -> str:
        values = []
        for name, column in zip((*self.order.columns, "pk"), self._columns(), strict=True):
            value: Any = row
            for step in name.split("__"):
                # A reverse one-to-one raises where there is no row: it reads as not known.
                value = getattr(value, step, None) if value is not None else None
            values.append(None if value is None else _written(column, value))
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @cached_property
    def _fetched(self) -> tuple[list[Any], bool, bool]:
        """(rows of this page, is there a page before, is there one after); at most two statements."""
        how, values = self.anchor or ("after", [])
        forward = how != "before"
        want = self.per_page + 1
        rows = self._stretch(values, forward, want, how == "from")
        more = len(rows) > self.per_page
        rows = rows[: self.per_page]
        if not forward:
            rows.reverse()
        if not rows and self.anchor and how != "from":
            # The rows beyond the cursor have gone: begin again rather than show nothing.
            self.anchor = None
            del self.__dict__["_fetched"]
            return self._fetched
        return rows, (more if not forward else self.anchor is not None), (more if forward else True)

    def _stretch(self, values: list[Any], forward: bool, want: int, inclusive: bool) -> list[Any]:
        """`want` rows beyond the values, in the direction of reading. NULLs are a second stretch, always the last."""
        if not self.order.is_nullable:
            return self._walk({}, (*self.order.columns, "pk"), values, forward, want, inclusive)
        first, rest = self.order.columns[0], (*self.order.columns[1:], "pk")
        known, unknown = {f"{first}__isnull": False}, {f"{first}__isnull": True}
        in_known = not values or values[0] is not None
        walks = [(known, (*self.order.columns, "pk"), values if in_known else [])] if (in_known or not forward) else []
        if forward:
            walks.append((unknown, rest, [] if in_known else values[1:]))
        elif not in_known:
            walks.insert(0, (unknown, rest, values[1:]))
        found: list[Any] = []
        for where, columns, anchor in walks:
            if len(found) < want:
                found += self._walk(where, columns, anchor, forward, want - len(found), inclusive)
        return found

    def _walk(
        self,
        where: dict[str, bool],
        columns: Sequence[str],
        values: Sequence[Any],
        forward: bool,
        want: int,
        inclusive: bool,
    ) -> list[Any]:
        how = self.steadily
        if how is None or values or self.keys is not None or want != self.per_page + 1:
            return list(self._page(self.base.filter(**where), columns, values, forward, want, inclusive))
        # The beginning of the whole list, which most readers ask for: more than CAP rows are seen, so that it is near.
        walk = ("walk", how.shown, self.sort, forward, want, *where.items())
        return steady.rows(
            (*_named(how), *walk),
            how.user,
            lambda user: self._page(how.walked(user).filter(**where), columns, values, forward, want, inclusive),
            # Few rows, or none, may have a value that others leave empty: such a walk may be long.
            walks=not where,
        )

    def _page(
        self, rows: QuerySet, columns: Sequence[str], values: Sequence[Any], forward: bool, want: int, inclusive: bool
    ) -> QuerySet:
        descending = self.is_descending if forward else not self.is_descending
        if values:
            sign = "<" if descending else ">"
            given = columns[: len(values)]
            fields = dict(zip((*self.order.columns, "pk"), self._columns(), strict=True))
            wrapped = [Value(v, output_field=_plain_field(fields[name])) for v, name in zip(values, given, strict=True)]
            if inclusive and descending:
                # From a letter downwards: its own words are longer than the letter itself.
                wrapped = [Value(f"{values[0]}\U0010ffff", output_field=models.CharField())]
            rows = rows.filter(Beyond([F(name) for name in given], wrapped, f"{sign}=" if inclusive else sign))
        order = [F(name).desc() if descending else F(name).asc() for name in columns]
        if self.with_facts is None:
            return rows.order_by(*order)[:want]
        # The page is found first, then what its lines show: ten tables are not joined for rows that are left out.
        page = rows.order_by(*order).values("pk")[:want]
        shown: QuerySet = rows.model._default_manager.annotate(**rows.query.annotations).filter(among(page))
        return self.beside(shown).order_by(*order)

    def beside(self, rows: QuerySet) -> QuerySet:
        """The rows of a page with what its lines show of other tables."""
        found: QuerySet = self.with_facts(rows)
        return found

    @property
    def rows(self) -> list[Any]:
        return self._fetched[0]

    # Where to

    def url(self, **changes: Any) -> str:
        """This list's address with some of its query changed; another order or filter starts again at the top."""
        query = [pair for pair in self._kept_query if pair[0] not in changes]
        query += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
        return f"{self.path}?{urlencode(query)}" if query else self.path

    @cached_property
    def _kept_query(self) -> list[tuple[str, str]]:
        places = {"after", "before", "from", "format"}
        return [(name, value) for name, values in self.request.GET.lists() if name not in places for value in values]

    @property
    def query(self) -> str:
        """The query string that finds this list again: what a saved view keeps."""
        return self.url().partition("?")[2]

    @property
    def previous_url(self) -> str:
        rows, before, _after = self._fetched
        return self.url(before=self._cursor(rows[0])) if rows and before else ""

    @property
    def next_url(self) -> str:
        rows, _before, after = self._fetched
        return self.url(after=self._cursor(rows[-1])) if rows and after else ""

    @property
    def first_url(self) -> str:
        return self.url() if self.anchor else ""

    @property
    def letters(self) -> list[tuple[str, str]]:
        """(letter, address) for orders of names."""
        if not self.order.has_letters:
            return []
        # The letter is the last word of the address.
        before = self.url(**{"from": LETTERS[0]})[:-1]
        return [(letter, f"{before}{letter}") for letter in LETTERS]

    @property
    def offset(self) -> int:
        """Pages of a keyset have no number: the walk from record to record counts from the page's own first row."""
        return 0

    @property
    def summary(self) -> str:
        """“50 of 10,000+”."""
        return _("%(shown)s of %(total)s") % {"shown": number(len(self.rows)), "total": self.total_text}

    @cached_property
    def next_sorts(self) -> dict[str, str]:
        """{order: address of sorting by it, the other way round when it is the present one}."""
        found = {}
        for name in self.orders:
            is_current = name == self.sort.lstrip("-")
            found[name] = self.url(sort=f"-{name}" if is_current and not self.sort.startswith("-") else name)
        return found


def _named(how: Steadily) -> tuple[Any, ...]:
    return ("ui.keyset", how.about)


def _written(column: Any, value: Any) -> str:
    """A value of a cursor, as `to_python` of its column reads it back."""
    if isinstance(column, models.DateTimeField | models.DateField):
        return value.isoformat()
    return str(value)


def _plain_field(column: Any) -> Any:
    """The column's own type, for a value beside it."""
    return models.BigIntegerField() if isinstance(column, models.AutoField | models.BigAutoField) else column


def facet_counts(
    model: type[models.Model], keys: Sequence[int], paths: Mapping[str, str]
) -> dict[str, list[tuple[str, int]]]:
    """{name: [(value, how many), …]} over these rows, most frequent first; one statement for all facets."""
    if not paths or not keys:
        return {name: [] for name in paths}
    parts = [
        model._default_manager.filter(among(keys))
        .order_by()
        .values(facet=Value(name, output_field=models.CharField()))
        .annotate(chosen=models.functions.Cast(path, models.CharField()), n=models.Count("pk"))
        .values_list("facet", "chosen", "n")
        for name, path in paths.items()
    ]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in paths}
    for name, chosen, n in rows:
        found[name].append((chosen or "", n))
    return {name: sorted(values, key=lambda pair: (-pair[1], pair[0])) for name, values in found.items()}


__all__ = ["ALL", "LETTERS", "Beyond", "KeysetListing", "Order", "Q", "among", "facet_counts"]
