"""Lists: filter, sort, count and page, fast at any size; the page, its rows alone for htmx, or an export.

Two rules keep a list of a million rows as quick as one of fifty: no count goes beyond `CAP` rows, and no page
lies beyond them. Whoever needs row 10,001 filters.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import IntegerField, QuerySet, Subquery
from django.db.models.query import ModelIterable
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from pavillon.core.reading import note_read
from pavillon.ui import exports, htmx, steady
from pavillon.ui.blank_forms import draw_alike
from pavillon.ui.choices import Told, ask_together
from pavillon.ui.filtering import Heard, Later, Narrowing, heard, words_of
from pavillon.ui.words import number

CAP = 10_000
PER_PAGE = 50
# Pages of a list whose question is kept: few read on beyond them.
STEADY_PAGES = 3


@dataclass(frozen=True)
class PageLink:
    """A number of the pager; without an address it stands for the pages left out."""

    number: int
    url: str = ""
    is_current: bool = False


class CountBeside(Subquery):
    """How many rows a queryset has, and never more than CAP + 1, told beside each row of a page of it."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, queryset: QuerySet) -> None:
        super().__init__(queryset.order_by().values("pk")[: CAP + 1], output_field=IntegerField())


@dataclass(frozen=True)
class Asked:
    """A list that is asked for through `ui.steady`: `rows(user)` are its filtered rows, for anybody who stands alike.

    They depend on nothing but who asks and on what `about` names; None where they are put together each time.
    """

    about: tuple[Hashable, ...]
    user: Any
    rows: Callable[[Any], QuerySet] | None = None


@dataclass
class Listing:
    """One page of a list, as its template needs it (`listing` in the context)."""

    request: HttpRequest
    queryset: QuerySet
    sorts: Mapping[str, Sequence[Any]]
    default_sort: str
    per_page: int = PER_PAGE
    filters: django_filters.FilterSet | None = None
    exports: list[tuple[str, str]] = field(default_factory=list)
    # When the page has counted all filtered rows already.
    known_count: int | None = None
    asked: Asked | None = None
    beside: Mapping[str, Iterable[Any]] = field(default_factory=dict)
    # What the address says to filters that nobody needs to make for it, and the rows that they offer.
    heard: Heard | None = None
    told: Told | None = None

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def form(self) -> Any:
        return self.filters.form if self.filters is not None else None

    @property
    def is_filtered(self) -> bool:
        names = self.heard.names if self.heard else self.form.fields if self.filters is not None else {}
        return any(self.request.GET.getlist(name) not in ([], [""]) for name in names)

    @property
    def search_fields(self) -> list[Any]:
        """The box of the search, when the list has one: it stands before what narrows the list."""
        return [field for field in self.form.visible_fields() if field.name == "q"]

    @property
    def folded_fields(self) -> list[Any]:
        """What narrows the list, folded on a phone."""
        return [field for field in self.form.visible_fields() if field.name != "q"]

    @property
    def set_count(self) -> int:
        """How many of them narrow the list now."""
        return sum(self.request.GET.getlist(field.name) not in ([], [""]) for field in self.folded_fields)

    @property
    def drawn_filters(self) -> Any:
        """The fields that narrow the list: drawn once for all who find the same choices in them."""

        def draw() -> Any:
            return render_to_string("ui/_filter_fields.html", {"listing": self})

        if self.heard is None or self.told is None:
            return draw()
        offered = words_of({name: self.told.rows[name] for name in self.heard.lookups})
        return draw_alike(("ui/_filter_fields.html", self.heard.key, offered), draw)

    @cached_property
    def sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted.lstrip("-") in self.sorts else self.default_sort

    @cached_property
    def ordered(self) -> QuerySet:
        """The filtered rows in the order asked for; the key breaks ties, so that no row is on two pages."""
        return self.in_order(self.queryset)

    def in_order(self, rows: QuerySet) -> QuerySet:
        fields = self.sorts.get(self.sort.lstrip("-"), [])
        if self.sort.startswith("-"):
            fields = [f.desc(nulls_last=True) if hasattr(f, "desc") else _reversed(f) for f in fields]
        return rows.order_by(*fields, "pk")

    @cached_property
    def counted(self) -> int:
        """How many rows, and never more than CAP + 1: beyond, a count would cost more than the page."""
        if self.known_count is not None:
            return min(self.known_count, CAP + 1)
        return self.queryset.order_by()[: CAP + 1].count()

    @property
    def is_capped(self) -> bool:
        return self.counted > CAP

    @property
    def total(self) -> int:
        return min(self.counted, CAP)

    @property
    def total_text(self) -> str:
        return f"{number(CAP)}+" if self.is_capped else number(self.total)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def wanted_page(self) -> int:
        """What the address asks for, whether there is such a page or not."""
        wanted = self.request.GET.get("page", "1")
        return max(int(wanted) if wanted.isdecimal() and len(wanted) < 7 else 1, 1)

    @cached_property
    def page(self) -> int:
        return min(self.wanted_page, self.pages)

    @property
    def is_last_page(self) -> bool:
        return self.page == self.pages

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of this page. When nothing was counted yet, the same statement counts them all."""
        offset = (self.wanted_page - 1) * self.per_page
        if offset < CAP and self._may_count_beside:
            rows = self._with_count(offset)
            if rows or not offset:
                self.counted = rows[0].counted_beside if rows else 0
                return rows
        return list(self._stretch(self.ordered, self.offset))

    def _with_count(self, offset: int) -> list[Any]:
        """The rows of a page with how many there are; first pages are put into SQL once for all who stand alike."""

        def page(rows: QuerySet) -> QuerySet:
            return self._stretch(self.in_order(rows).annotate(counted_beside=CountBeside(rows)), offset)

        if self.wanted_page > STEADY_PAGES:
            return list(page(self.queryset))
        return self.put(("page", self.per_page, offset, CAP), page).rows()

    def put(self, about: Hashable, of: Callable[..., QuerySet], *values: Any) -> steady.Part:
        """A question `of(rows, *values)` about the filtered rows, in the order of the list when it orders them."""
        if self.asked is None or (rows_of := self.asked.rows) is None:
            return steady.Part(None, (), of(self.queryset, *values))
        about = (*self.asked.about, self.sort, about)
        return steady.part(about, self.asked.user, lambda user, *told: of(rows_of(user), *told), *values)

    @property
    def _may_count_beside(self) -> bool:
        if self.known_count is not None or "counted" in self.__dict__:
            return False
        if self.asked is not None:
            return True
        rows = self.queryset
        return rows._iterable_class is ModelIterable and not rows.query.combinator

    def _stretch(self, rows: QuerySet, offset: int) -> QuerySet:
        return rows[offset : min(offset + self.per_page, CAP)]

    @property
    def first(self) -> int:
        return self.offset + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.offset + len(self.rows)

    def url(self, **changes: Any) -> str:
        """This list's address with some of its query changed; another sort starts again at page 1."""
        query = [pair for pair in self._kept_query if pair[0] not in changes]
        query += [(name, str(value)) for name, value in changes.items() if value not in (None, "", 1)]
        return f"{self.path}?{urlencode(query)}" if query else self.path

    @cached_property
    def _kept_query(self) -> list[tuple[str, str]]:
        left = ("page", "format")
        return [(name, value) for name, values in self.request.GET.lists() if name not in left for value in values]

    @property
    def query(self) -> str:
        """The query string that finds this list again: what a saved view keeps."""
        return self.url().partition("?")[2]

    @property
    def board_url(self) -> str:
        """The same list under the same filters, drawn as a board (`view=board`)."""
        return self.url(view="board", column="", first="")

    @property
    def list_url(self) -> str:
        """The same, drawn as a list again."""
        return self.url(view="", column="", first="")

    @property
    def previous_url(self) -> str:
        return self.url(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self.page + 1) if self.page < self.pages else ""

    @property
    def page_links(self) -> list[PageLink]:
        """First, last and the neighbours of the current page, with gaps."""
        shown = sorted({1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)})
        links: list[PageLink] = []
        for n in shown:
            if links and n > links[-1].number + 1:
                links.append(PageLink(n - 1))
            links.append(PageLink(n, self.url(page=n) or self.path, n == self.page))
        return links


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def listing_of(
    request: HttpRequest,
    queryset: QuerySet | Callable[[Any], QuerySet],
    filters: type[django_filters.FilterSet] | None,
    sorts: Mapping[str, Sequence[Any]],
    sort: str,
    *,
    per_page: int = PER_PAGE,
    known_count: int | None = None,
    about: tuple[Hashable, ...] = (),
    beside: Mapping[str, steady.Part] | None = None,
) -> Listing:
    """The list that an address asks for.

    `queryset` may be a function of a person: the list is then asked for through `ui.steady`, where `about` says what
    it depends on besides who asks and the filters of the address. The rows of `beside` come in the statement that asks
    for the choices of the filters, when either is drawn: `listing.beside`.
    """
    if not callable(queryset):
        filterset = filters(request.GET or None, queryset=queryset, request=request) if filters else None
        filtered = filterset.qs if filterset else queryset
        rows_beside = ask_together(filterset.form, beside=beside) if filterset else {}
        return Listing(request, filtered, sorts, sort, per_page, filterset, known_count=known_count, beside=rows_beside)
    assert filters is not None
    narrowing = Narrowing(filters, request, queryset)
    said = heard(filters, request, lambda: narrowing.filterset)
    if said is None:
        # What is wrong, or looked up, is told by a form that looks up.
        looked_up = narrowing.looked_up()
        return Listing(
            request, looked_up.qs, sorts, sort, per_page, looked_up, known_count=known_count,
            asked=Asked(("ui.lists", *about), request.user), beside=ask_together(looked_up.form, beside=beside),
        )  # fmt: skip
    name = f"{filters.__module__}.{filters.__qualname__}"
    asked = Asked(("ui.lists", name, *about, *said.chosen), request.user, partial(narrowing.rows, said.chosen))
    told = Told(partial(_choices, asked, narrowing, said), beside)
    later: Any = Later(filters._meta.model, lambda: narrowing.rows(said.chosen, request.user))
    offering: Any = SimpleLazyObject(lambda: narrowing.offering(told))
    return Listing(
        request, later, sorts, sort, per_page, offering, known_count=known_count, asked=asked, beside=told.beside,
        heard=said, told=told,
    )  # fmt: skip


def _choices(asked: Asked, narrowing: Narrowing, said: Heard) -> dict[str, steady.Part]:
    """What the fields of a list's filters offer who asks for it."""
    return {
        field: steady.part((*asked.about, field), asked.user, partial(narrowing.choices, said.chosen, field))
        for field in said.lookups
    }


def list_page(
    request: HttpRequest,
    queryset: QuerySet | Callable[[Any], QuerySet],
    *,
    template: str,
    rows: str,
    sorts: Mapping[str, Sequence[Any]],
    sort: str,
    filters: type[django_filters.FilterSet] | None = None,
    columns: Sequence[exports.Column] = (),
    export_permission: str = "",
    export_name: str = "",
    per_page: int = PER_PAGE,
    context: Mapping[str, Any] | None = None,
    notes_reading: bool = True,
    known_count: int | None = None,
    about: tuple[Hashable, ...] = (),
    beside: Mapping[str, steady.Part] | None = None,
) -> HttpResponse:
    """Answer a list page.

    `queryset` comes from `.visible_to(user)`. `sorts` maps a word of the address to order_by fields, each kept by an
    index where the list is long: {"name": ["name"], "newest": ["-created_at"]}; `sort` is the first one used.
    `rows` is the fragment inside `<div id="list">` that htmx asks for; `template` includes it.
    With `columns` and an `export_permission` that the person has, `?format=csv|xlsx` answers the filtered rows.
    The list is noted in the read log unless `notes_reading` is False (reference data). `known_count` saves the count
    of a page that tells totals of the same filtered rows. `queryset` as a function of a person, `about` and
    `beside`: see `listing_of`.
    """
    listing = listing_of(
        request,
        queryset,
        filters,
        sorts,
        sort,
        per_page=per_page,
        known_count=known_count,
        about=about,
        beside=beside,
    )
    model = listing.queryset.model
    may_export = bool(columns and export_permission and request.user.has_perm(export_permission))
    if may_export:
        if request.GET.get("format") in exports.FORMATS:
            return exports.answer(request, listing.ordered, columns, export_name or model._meta.model_name)
        listing.exports = [(name, listing.url(format=key)) for key, name in exports.FORMATS.items()]
    # Before the page says how many there are: the rows bring their number along.
    listing.rows  # noqa: B018
    response = htmx.fragment(request, template, rows, {**(context or {}), "listing": listing})
    if notes_reading:
        note_read(request.user, model, how="list", rows=len(listing.rows), ids=[row.pk for row in listing.rows])
    return response


class TextFilter(django_filters.CharFilter):
    """A free-text filter that calls a QuerySet method: `q = TextFilter(method_name="matching")`."""

    def __init__(self, *args: Any, method_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Search"))
        super().__init__(*args, **kwargs)
        self.method_name = method_name

    def filter(self, qs: Any, value: str) -> Any:
        search: Callable[[str], Any] = getattr(qs, self.method_name)
        return search(value) if value else qs
