"""The lists of companies and contacts: filters of the criteria language, columns, orders, facets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import may_read
from pavillon.directory.criteria import (
    EVERYTHING,
    Column,
    Group,
    Question,
    Rule,
    WrongRule,
    address_pairs,
    all_fields,
    chosen_columns,
    columns_for,
    condition_of,
    fields_for,
    labels_of,
    orders_of,
    phrase_of,
    read_address,
    sentence_of,
)
from pavillon.directory.models import Company, Contact
from pavillon.ui.keyset import ALL, KeysetListing, Order, Steadily, facet_counts

COMPANY_ORDERS = [
    Order("name", _("Name"), ("match_name",), has_letters=True),
    Order("region", _("Region, then name"), ("region_id", "match_name"), is_nullable=True),
    Order(
        "turnover",
        _("Turnover"),
        ("turnover",),
        is_descending=True,
        is_nullable=True,
        governed=((Company, "turnover"),),
    ),
    Order(
        "potential",
        _("Potential turnover"),
        ("potential_turnover",),
        is_descending=True,
        is_nullable=True,
        governed=((Company, "potential_turnover"),),
    ),
    Order("newest", _("Last changed"), ("changed_at",), is_descending=True),
]
CONTACT_ORDERS = [
    Order("name", _("Name"), ("search_name",), has_letters=True),
    Order("newest", _("Last changed"), ("changed_at",), is_descending=True),
]
# Parameters of a list that are no question.
OTHERS = ("sort", "cols")
WHOLE = f"{ALL}=1"


@dataclass(frozen=True)
class Chip:
    """A question that narrows the list, and the address of the list without it."""

    text: str
    url: str
    is_wrong: bool = False


@dataclass
class CriteriaListing(KeysetListing):
    """A long list that is narrowed by a rule; `rule` is what its address says, `wrong` what could not be asked."""

    subject: type[Model] = Company
    rule: Rule = field(default_factory=lambda: Group("all", ()))
    wrong: Sequence[WrongRule] = ()
    columns: Sequence[Column] = ()
    may_change: bool = False

    @property
    def user(self) -> Any:
        return self.request.user

    @property
    def model(self) -> type[Model]:
        return self.subject

    @cached_property
    def labels(self) -> dict[tuple[str, str], str]:
        return labels_of(self.rule.questions(), self.user)

    @property
    def is_filtered(self) -> bool:
        return bool(self.rule) or bool(self.wrong)

    @property
    def text(self) -> str:
        """What stands in the search box."""
        return next((str(q.value) for q in self.rule.parts if isinstance(q, Question) and q.field.name == "q"), "")

    @property
    def sentence(self) -> str:
        return sentence_of(self.rule, self.labels)

    @cached_property
    def chips(self) -> list[Chip]:
        """Each question with the address that takes it away; then what could not be asked, and why."""
        chips = []
        for place, part in enumerate(self.rule.parts):
            rest = Group("all", tuple(p for n, p in enumerate(self.rule.parts) if n != place))
            words = phrase_of(part, self.labels) if isinstance(part, Question) else sentence_of(part, self.labels)
            chips.append(Chip(words[:1].upper() + words[1:], self.address(rest)))
        return chips + [Chip(str(error), self.address(self.rule), is_wrong=True) for error in self.wrong]

    # Where the list stands, when a part of its page is asked for at an address of its own.
    home = ""

    @property
    def path(self) -> str:
        return self.home or self.request.path

    @property
    def others(self) -> list[tuple[str, str]]:
        """The parameters of this address that are no question."""
        return [(name, value) for name in OTHERS for value in self.request.GET.getlist(name) if value]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of this page sends along, except for the search box."""
        return [pair for pair in address_pairs(self.rule) if pair[0] != "q.contains"] + self.others

    def address(self, rule: Rule) -> str:
        """This list, narrowed by another rule; without any question it is the whole list, not one's default view."""
        query = urlencode([*address_pairs(rule), *self.others])
        return f"{self.path}?{query or WHOLE}"

    @property
    def plain_url(self) -> str:
        return self.address(EVERYTHING)

    def beside(self, rows: QuerySet) -> QuerySet:
        """What the chosen columns read beside a row, and nothing else."""
        needs = _needs_of(self.columns)
        return rows.select_related(*needs) if needs else rows

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The columns' heads, with the address that sorts by them."""
        current = self.sort.lstrip("-")
        return [
            {
                "column": column,
                "url": self.next_sorts.get(column.order, "") if column.order in self.orders else "",
                "is_current": column.order == current and bool(column.order),
            }
            for column in self.columns
        ]


def open_orders(orders: Sequence[Order], user: Any) -> dict[str, Order]:
    """The orders that one person may use: sorting by a hidden column would tell it."""
    return {
        o.name: o
        for o in orders
        if all(may_read(user, model, name) for model, name in o.governed) and (o.opens is None or o.opens(user))
    }


def listing_of(
    request: HttpRequest,
    subject: type[Model],
    shown: Callable[[Any], QuerySet],
    orders: Sequence[Order],
    facts: Callable[[Any], QuerySet],
) -> CriteriaListing:
    """The list that an address asks for. `shown(user)` is what the person may see, before any question."""
    user = request.user
    rule, wrong = read_address(asked(request.GET), subject, user)
    names = [name for written in request.GET.getlist("cols") for name in written.split(",")]
    columns = chosen_columns(subject, user, names, _told_by(rule))
    if rule.parts:
        whole = shown(user)
        queryset = whole.filter(condition_of(rule, user))
        walked = whole.filter(condition_of(rule, user, one_by_one=True))
        steadily = None
    else:
        # The whole list is put together by who walks on, or wants a file of it; its beginning is known.
        queryset = walked = cast(QuerySet, SimpleLazyObject(lambda: shown(user)))
        steadily = Steadily(subject._meta.label, user, shown, shown, _needs_of(columns))
    return CriteriaListing(
        request,
        queryset,
        open_orders([*orders, *orders_of(subject)], user),
        "name",
        is_narrowed=bool(rule.parts),
        with_facts=facts,
        walked=walked,
        subject=subject,
        rule=rule,
        wrong=wrong,
        columns=columns,
        steadily=steadily,
    )


def _needs_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """What is read beside the rows, whatever the order of the columns."""
    return tuple(sorted({name for column in columns for name in column.needs}))


def _told_by(rule: Rule) -> set[str]:
    """The names of what a rule asks about, as columns have them; one single value would be the same on every line."""
    return {q.field.name for q in rule.questions() if not (q.op == "in" and len(q.value) == 1)}


def asked(query: QueryDict) -> QueryDict:
    """An address with the words of the search box as a question: `q=ponant` says `q.contains=ponant`."""
    if "q" not in query:
        return query
    found = query.copy()
    for text in found.pop("q"):
        if text.strip():
            found.appendlist("q.contains", text.strip()[:200])
    return found


def shown_companies(user: Any) -> QuerySet:
    return Company.objects.visible_to(user).standing()


def shown_contacts(user: Any) -> QuerySet:
    return Contact.objects.visible_to(user).standing().with_search_name()


def facets_of(listing: CriteriaListing) -> list[dict[str, Any]]:
    """[{field, values: [{label, count, url, is_chosen}]}]: counts are exact, so only up to the cap. Two statements."""
    user = listing.user
    fields = {name: f for name, f in fields_for(listing.subject, user).items() if f.is_facet}
    if listing.keys is None:
        return []
    paths = {name: f"{f.subject_prefix}{f.path}" for name, f in fields.items()}
    counts = facet_counts(listing.subject, listing.keys, paths)
    asked = [Question(f, "in", tuple(v for v, _n in counts[name] if v)) for name, f in fields.items() if counts[name]]
    labels = labels_of((q for q in asked if q.value), user)
    found = []
    for name, f in fields.items():
        chosen = {
            value
            for q in listing.rule.parts
            if isinstance(q, Question) and q.field.name == name and q.op == "in"
            for value in q.value
        }
        values = [
            {"label": labels.get((name, value), value), "count": n, "url": _with(listing, name, value, chosen),
             "is_chosen": value in chosen}
            for value, n in counts[name] if value
        ]  # fmt: skip
        if len(values) > 1 or chosen:
            found.append({"field": f, "values": values[:8]})
    return found


def _with(listing: CriteriaListing, name: str, value: str, chosen: set[str]) -> str:
    """The list with one value of a facet added, or taken away."""
    values = chosen ^ {value}
    rest = [p for p in listing.rule.parts if not (isinstance(p, Question) and p.field.name == name and p.op == "in")]
    f = all_fields(listing.subject)[name]
    if values:
        rest.append(Question(f, "in", tuple(sorted(values))))
    return listing.address(Group("all", tuple(rest)))


def column_choices(listing: CriteriaListing) -> dict[str, Any]:
    """What the dialog of columns shows: those chosen, in order, with their gestures; and those that can be added."""
    names = [c.name for c in listing.columns]

    def url(chosen: Sequence[str]) -> str:
        return "?" + urlencode([*((k, v) for k, v in _pairs(listing) if k != "cols"), ("cols", ",".join(chosen))])

    chosen = []
    for place, column in enumerate(listing.columns):
        up, down = list(names), list(names)
        if place:
            up[place - 1], up[place] = up[place], up[place - 1]
        if place < len(names) - 1:
            down[place + 1], down[place] = down[place], down[place + 1]
        chosen.append(
            {
                "label": column.label,
                "up": url(up) if place else "",
                "down": url(down) if place < len(names) - 1 else "",
                "away": url([n for n in names if n != column.name]) if len(names) > 1 else "",
            }
        )
    others = [
        {"label": column.label, "add": url([*names, name])}
        for name, column in columns_for(listing.subject, listing.user).items()
        if name not in names
    ]
    return {"chosen": chosen, "others": others, "query": url(names)}


def _pairs(listing: CriteriaListing) -> list[tuple[str, str]]:
    return [*address_pairs(listing.rule), *listing.others]


# {word of the address: (subject, name of its page)}
LISTS: dict[str, tuple[type[Model], str]] = {
    "companies": (Company, "directory:companies"),
    "contacts": (Contact, "directory:contacts"),
}


def companies_of(request: HttpRequest) -> CriteriaListing:
    """The list of companies that an address asks for."""
    return listing_of(request, Company, shown_companies, COMPANY_ORDERS, lambda rows: rows.with_facts())


def contacts_of(request: HttpRequest) -> CriteriaListing:
    """The list of contacts that an address asks for."""
    facts = ("company__commune", "company__country")
    return listing_of(request, Contact, shown_contacts, CONTACT_ORDERS, lambda rows: rows.select_related(*facts))
