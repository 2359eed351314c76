"""What a page of a list asks of the database: ten statements at most, however many lines it has."""

import re
from contextlib import suppress
from copy import copy
from functools import cached_property
from inspect import getmodule, getsource, unwrap
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models.base import ModelState
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
# Figures by group, read by the first of `READERS` to whom each is open; the rows whose groups become many.
REPORTS = (
    "/reports/", "/marketing/", "/services/coverage/", "/services/impact/", "/campaigns/", "/leads/delays/",
    "/leads/channels/", "/qualified/", "/portfolios/", "/agenda/team/", "/routing/workload/", "/missions/", "/loyalty/",
    "/showroom-team/monitoring/", "/showroom-team/shops/",
)  # fmt: skip
READERS = ("alice", "helene", "bruno", "admin")
GROUPED = ("crm.Lead", "crm.LeadTouch", "crm.Mission", "crm.ChannelCost", "services.Service", "services.ServiceOrder",
           "services.Survey", "services.ExportFlow", "campaigns.Campaign", "showroom.Enquiry", "directory.Company",
           "accounts.Organisation", "accounts.Membership")  # fmt: skip


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
    with transaction.atomic():
        assert_told_by_group_at_once(callers)
        # Copied rows lack what the database asks for at the end of a transaction.
        transaction.set_rollback(True)


def assert_told_by_group_at_once(callers: dict[str, Any]) -> None:
    """Reports ask no more when there are many regions, services, channels and states instead of one."""
    readers = {path: who for path in REPORTS for who in reversed(READERS) if is_open(callers[who], path)}
    assert set(readers) == set(REPORTS)
    before = {path: asked_by(callers[who], path) for path, who in readers.items()}
    with house():
        made = {label: spread(apps.get_model(label)) for label in GROUPED}
    assert sum(made.values()) > 80, made
    after = {path: asked_by(callers[who], path) for path, who in readers.items()}
    assert {path: (before[path], after[path]) for path in REPORTS if after[path] > before[path]} == {}


def is_open(caller: Any, path: str) -> bool:
    with undrawn_pages():
        return bool(caller.get(path).status_code == 200)


def asked_by(caller: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        caller.get(path)
    return len(asked)


def spread(model: Any) -> int:
    """Copies of a row, each of other groups: another choice, another region, country, service, whatever it is told by.

    The database refuses some of them; how many stand is returned.
    """
    row = model._base_manager.order_by("pk").last()
    made = 0
    for nth in range(TIMES if row else 0):
        other = copy(row)
        other.pk, other._state = None, ModelState()
        for column in model._meta.concrete_fields:
            vary(other, column, nth)
        with suppress(IntegrityError), transaction.atomic():
            other.save(force_insert=True)
            made += 1
    return made


def vary(row: Any, column: Any, nth: int) -> None:
    told = getattr(row, column.attname)
    if column.unique and isinstance(told, str):
        setattr(row, column.attname, f"{nth}{told}"[: column.max_length])
    elif column.is_relation and told is not None and column.related_model._meta.label != "directory.Company":
        keys = column.related_model._base_manager.order_by("-pk").values_list("pk", flat=True)[: TIMES + 1]
        setattr(row, column.attname, keys[nth % len(keys)])
    elif column.choices and column.name not in ("state", "role", "level"):
        setattr(row, column.attname, column.choices[nth % len(column.choices)][0])


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
