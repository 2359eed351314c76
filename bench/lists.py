"""Lists, search, segments and scores over the invented country (make bench-data)"""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict

from bench._figures import milliseconds
from launch.bench import NothingPoured, Row

ROUNDS = 20
# The most that the p95 may be, in milliseconds, at a million companies.
LIST_TARGET, COUNTED_TARGET, SEARCH_TARGET = 300, 600, 50
LISTS = {
    "Companies, no filter, first page": "",
    "Companies, one region, by name": "region.in=53",
    "Companies, one region and one section": "region.in=53&section.in=C",
    "Companies, a rare rule over four fields": "region.in=53&workforce.in=21,22&turnover.above=5000000&decider.yes=1",
    "Companies, by turnover": "sort=turnover",
    "Companies, two exchanges within ninety days": "exchanges.did=least:2;days:90",
    "Companies without any contact": "people.no=1",
    "Companies without a contact who decides": "decider.no=1",
    "Companies, never exchanged with": "exchanges.did_not=least:1",
    "Companies, fewer than three exchanges ever": "exchanges.did_not=least:3",
    "Companies, fewer than two exchanges within ninety days": "exchanges.did_not=least:2;days:90",
    "Clients, no exchange within half a year": "status.in=client&exchanges.did_not=least:1;days:180",
    "A region and a section, no exchange in a year": "region.in=53&section.in=C&exchanges.did_not=least:1;days:365",
    "Companies, three axes crossed": "value.in=high&lifecycle.in=prospect&relationship.in=loyal",
    "Companies, call order": "sort=call&cols=call_score,call_why",
}
# What counts half a million exchanges for one page keeps to twice the bound of the others.
COUNTED = {
    "Companies, five exchanges within a year": "exchanges.did=least:5;days:365",
    "Companies, ten exchanges ever": "exchanges.did=least:10",
}
WORDS = (
    "transports", "abgrall", "etablissements le guennec", "jean morel", "anne le guennec", "boulangerie martin",
    "menuizerie", "kermarek", "rennes", "9000", "transport logistique", "sci abgrall", "le floch", "batiment", "durand",
)  # fmt: skip


def timed(act: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    act()
    found = []
    for _round in range(rounds):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return found


def shown(user: Any, query: str) -> Any:
    """A page of the list as its view prepares it: rows, cells, count, chips."""
    from pavillon.directory.queries.listing import companies_of

    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(query)
    request.path = "/companies/"
    listing = companies_of(request)
    return listing, listing.rows, listing.total_text, listing.chips, listing.next_url


def deep(user: Any) -> str:
    """The address of a page half a million rows into the list."""
    from pavillon.directory.models import Company

    names = Company.objects.visible_to(user).standing().order_by("match_name", "pk").values_list("match_name", "pk")
    name, key = names[500_000 if names.count() > 500_050 else names.count() // 2]
    listing = shown(user, "")[0]
    row = Company(pk=key, match_name=name)
    return f"after={listing._cursor(row)}"


def bare_page() -> Callable[[], Any]:
    """A Django page of one query without the product, asked in this process."""
    from django.test import RequestFactory

    from bench._bare import ADDRESS, BareDjango

    handler = BareDjango()
    environ = RequestFactory(HTTP_HOST="localhost").get(ADDRESS).environ
    return lambda: handler(dict(environ), lambda *_answer: None)


def reader() -> Any:
    """An adviser of Bretagne."""
    from pavillon.accounts.enums import Role
    from pavillon.accounts.models import User

    people = User.objects.working().acting_in(role=Role.ADVISER)
    user = people.filter(memberships__organisation__region="53").order_by("pk").first()
    if user is None:
        raise NothingPoured
    return user


def run() -> list[Row]:
    from pavillon.crm.actions import compute_profiles
    from pavillon.directory.criteria import read_rule
    from pavillon.directory.models import Company
    from pavillon.segments.queries import preview_of
    from pavillon.workspace.queries import find

    user = reader()
    limit = timed(bare_page())
    rows = [milliseconds("A bare Django page: one query, 18 lines", limit, note="the limit of this table")]
    rows += [
        milliseconds(what, timed(lambda q=query: shown(user, q)), limit, most=LIST_TARGET)
        for what, query in LISTS.items()
    ]
    rows += [
        milliseconds(what, timed(lambda q=query: shown(user, q)), limit, most=COUNTED_TARGET)
        for what, query in COUNTED.items()
    ]
    address = deep(user)
    deepest = timed(lambda: shown(user, address))
    rows.append(milliseconds("Companies, page 10,000 (row 500,000)", deepest, limit, most=LIST_TARGET))
    samples = [sample for word in WORDS for sample in timed(lambda w=word: find(w, user), 6)]
    texts = f"{len(WORDS)} texts, mistyped ones among them"
    rows.append(milliseconds("Search over everything", samples, limit, note=texts, most=SEARCH_TARGET))
    rule = read_rule({"all": [{"field": "headcount", "op": "inside", "value": [50, 500]}]}, Company, user)
    previewed = timed(lambda: preview_of(rule, "companies", user))
    rows.append(milliseconds("A segment's count and sample while it is written", previewed, limit, most=LIST_TARGET))
    began = time.perf_counter()
    changed = compute_profiles()
    spent = time.perf_counter() - began
    return [*rows, Row("Classes and scores of all companies, nothing changed", spent, "s", note=f"{changed} written")]
