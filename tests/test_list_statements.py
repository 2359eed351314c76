"""What a page of a list asks of the database: ten statements at most, however many lines it has."""

import re
from copy import copy
from functools import cached_property
from inspect import getmodule, getsource, unwrap
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pavillon.core.wall import house
from pavillon.ui import together
from pavillon.ui.keyset import KeysetListing
from pavillon.ui.lists import Listing
from tests.permissions_table import Page, clients, listed_pages, refused_to, undrawn_pages
from tests.world import examples, make_world

MOST = 10
LISTS = re.compile(r"list_page|listing|Listing")
# Who looks first: the page is asked by the first of them to whom the table opens it.
LOOKERS = ("helene", "alice", "admin", "bruno", "nora", "denis", "olivier", "maud", "ines", "claire", "tom", "lars")
# Lines of the drawn page for each that the example world has: a statement for each line would show.
TIMES = 9


def many(rows: list[Any]) -> list[Any]:
    """The same rows several times, each with nothing read beside it but what the list read for all."""
    return [twin(row, {}) for row in rows for _nth in range(TIMES)]


def twin(row: Any, known: dict[int, Any]) -> Any:
    """`known` are the twins made before: two rows of a one-to-one relation know each other."""
    if not hasattr(row, "_state") or id(row) in known:
        return known.get(id(row), row)
    other = known[id(row)] = copy(row)
    other._state = copy(row._state)
    other._state.fields_cache = {name: twin(value, known) for name, value in row._state.fields_cache.items()}
    return other


@pytest.mark.django_db
def test_no_page_of_a_list_asks_more_than_ten_statements(monkeypatch, settings):
    settings.REQUIRE_MFA = False
    world = make_world()
    for model in examples():
        world.example(model)
    assert_told_alike()
    drawn: list[Any] = []

    def lengthened(kind: Any, name: str) -> cached_property[Any]:
        held = kind.__dict__[name]
        read = held.fget if isinstance(held, property) else held.func

        def rows(listing: Any) -> list[Any]:
            drawn.append(listing)
            return many(read(listing))

        lengthened_rows = cached_property(rows)
        lengthened_rows.__set_name__(kind, name)
        return lengthened_rows

    for kind in (Listing, KeysetListing):
        monkeypatch.setattr(kind, "rows", lengthened(kind, "rows"))
    callers, closed = clients(world), {name: refused_to(name) for name in LOOKERS}
    for caller in callers.values():
        caller.person = None
    counts: dict[str, int] = {}
    for page in listed_pages():
        looker = looks(page, closed)
        if "<" in page.address or looker is None or not may_list(page):
            continue
        drawn.clear()
        with undrawn_pages():
            callers[looker].get(f"/{page.address.lstrip('/')}")
        if drawn:
            with CaptureQueriesContext(connection) as asked:
                callers[looker].get(f"/{page.address.lstrip('/')}")
            counts[page.address] = len(asked)
    assert len(counts) > 30, counts
    assert {address: count for address, count in counts.items() if count > MOST} == {}


def assert_told_alike() -> None:
    """Rows that are asked for together are the rows that one gets alone, whatever their columns hold."""
    models = list(examples())
    with house():
        told = together.ask(**{model._meta.label: model._base_manager.order_by("pk") for model in models})
        for model in models:
            alone = [row.__dict__ | {"_state": None} for row in model._base_manager.order_by("pk")]
            assert [row.__dict__ | {"_state": None} for row in told[model._meta.label]] == alone, model


@pytest.mark.django_db
def test_an_exchange_is_logged_in_fifteen_statements(client):
    """Beside the two that begin and end a transaction."""
    lead = make_world()["crm.lead"]
    client.force_login(lead.adviser)
    said = {"summary": "Point", "kind": "call", "visibility": "organisation"}
    for address in (
        reverse("crm:log_interaction", args=[lead.company_id]),
        reverse("crm:log_on_lead", args=[lead.pk]),
    ):
        client.post(address, said)
        with CaptureQueriesContext(connection) as asked:
            assert client.post(address, said).status_code == 302
        assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 15, address


def may_list(page: Page) -> bool:
    """Whether the file of its view speaks of lists at all: the other pages need not be asked."""
    return LISTS.search(getsource(getmodule(unwrap(page.view)))) is not None


def looks(page: Page, closed: dict[str, set[str]]) -> str | None:
    return next((name for name in LOOKERS if page.shown_address not in closed[name]), None)
