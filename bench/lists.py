"""Lists, search, segments and scores at the size of a country. Needs the database of `bench-data` (make bench-data)."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, QueryDict

from bench._figures import milliseconds
from launch.bench import Row

TITLE = "Lists, search and segments over the whole base"
ROUNDS = 20
LISTS = {
    "Companies, no filter, first page": "",
    "Companies, one region, by name": "region.in=53",
    "Companies, one region and one section": "region.in=53&section.in=C",
    "Companies, a rare rule over four fields": "region.in=53&workforce.in=21,22&turnover.above=5000000&decider.yes=1",
    "Companies, by turnover": "sort=turnover",
    "Companies, two exchanges within ninety days": "exchanges.did=least:2;days:90",
    "Companies, three axes crossed": "value.in=high&lifecycle.in=prospect&relationship.in=loyal",
    "Companies, call order": "sort=call&cols=call_score,call_why",
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
    return listing, listing.lines, listing.total_text, listing.chips, listing.next_url


def deep(user: Any) -> str:
    """The address of a page half a million rows into the list."""
    from pavillon.directory.models import Company

    names = Company.objects.visible_to(user).standing().order_by("match_name", "pk").values_list("match_name", "pk")
    name, key = names[500_000 if names.count() > 500_050 else names.count() // 2]
    listing = shown(user, "")[0]
    row = Company(pk=key, match_name=name)
    return f"after={listing._cursor(row)}"


def run() -> list[Row]:
    from pavillon.accounts.models import User
    from pavillon.crm.actions import compute_profiles
    from pavillon.directory.criteria import read_rule
    from pavillon.directory.models import Company
    from pavillon.segments.queries import preview_of
    from pavillon.workspace.queries import find

    user = User.objects.get(email="helene@pavillon.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    limit = timed(lambda: list(Company.objects.order_by("match_name", "pk")[:50]))
    rows = [milliseconds("Fifty rows of one index, nothing else", limit, note="the limit of this table")]
    rows += [milliseconds(what, timed(lambda q=query: shown(user, q)), limit) for what, query in LISTS.items()]
    address = deep(user)
    rows.append(milliseconds("Companies, page 10,000 (row 500,000)", timed(lambda: shown(user, address)), limit))
    samples = [sample for word in WORDS for sample in timed(lambda w=word: find(w, user), 6)]
    rows.append(
        milliseconds("Search over everything", samples, limit, note=f"{len(WORDS)} texts, mistyped ones among them")
    )
    rule = read_rule({"all": [{"field": "headcount", "op": "inside", "value": [50, 500]}]}, Company, user)
    rows.append(
        milliseconds(
            "A segment's count and sample while it is written",
            timed(lambda: preview_of(rule, "companies", user)),
            limit,
        )
    )
    began = time.perf_counter()
    changed = compute_profiles()
    rows.append(
        Row(
            "Classes and scores of all companies, nothing changed",
            time.perf_counter() - began,
            "s",
            note=f"{changed} written",
        )
    )
    return rows
