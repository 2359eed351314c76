"""Every page of the resolver and every operation of the API, asked by every persona, equals docs/permissions.md."""

import logging
import os

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from pavillon.core import permissions
from pavillon.core.permissions import all_permissions, is_allowed
from tests import operations_table
from tests.house import room_of
from tests.operations_table import call, callers, listed_operations
from tests.permissions_table import (
    DOCUMENT,
    Broken,
    answer,
    clients,
    document,
    known_people,
    listed_pages,
    missing_examples,
    plain_refusals,
    undoing,
)
from tests.world import examples, make_world

pytestmark = pytest.mark.django_db

# Drawn for everybody here: tests/test_nothing_leaks.py leaves them out, and nobody is signed in there as a visitor.
APART = ("mailbox", "showroom-team/verticals/")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for the file, in one transaction that ends undone; each test asks in a transaction of its own."""
    cache.clear()
    logging.disable(logging.ERROR)  # thousands of refusals are the point here
    # The second factor has its own tests; here it would hide what lies behind it.
    folder = tmp_path_factory.mktemp("world")
    around = override_settings(REQUIRE_MFA=False, DATA=folder, MEDIA_ROOT=folder)
    with django_db_blocker.unblock(), around, translation.override("en"), transaction.atomic():
        made = make_world()
        for model in examples():
            made.example(model)
        with plain_refusals(), known_people():
            yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def test_every_page_has_an_example(world):
    """A page with an argument needs an example object, or nobody has ever asked it who may open it."""
    missing = sorted(set(missing_examples(world)))
    assert not missing, "\n  " + "\n  ".join(missing)


@pytest.fixture
def asked_names(monkeypatch):
    """The permissions that are asked by `require`, as they are asked."""
    names = []
    monkeypatch.setattr(
        permissions, "is_allowed", lambda user, name, *rest: names.append(name) or is_allowed(user, name, *rest)
    )
    return names


def ask_operations(world, asked_names):
    """({operation: {persona: answer}}, {operation: the permission that it asked}, what went wrong)."""
    told, permissions_of, broken = {}, {}, []
    with transaction.atomic():
        keys = callers(world)
        for operation in listed_operations():
            with transaction.atomic():  # the objects of this call's example are its own
                request, line = operation.request(world), told.setdefault(operation.name, {})
                asked_names.clear()
                with undoing() as undo:
                    for key, client in keys.items():
                        try:
                            line[key] = call(client, request, operation.path)
                        except Broken as error:
                            broken.append(f"{key}: {error}")
                        undo()
                permissions_of[operation.name] = asked_names[0] if asked_names else ""
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    broken += [f"{name} asks no permission" for name, permission in permissions_of.items() if not permission]
    return told, permissions_of, broken


def test_permissions_table(world, asked_names):
    """Who may open what, asked page by page and operation by operation, is what the committed table says."""
    asked, broken, lines = clients(world, with_policy=True), [], {}
    # Some addresses begin with a language: they are listed once, since answers change the one in use.
    pages = listed_pages()
    for page in pages:
        try:
            url = page.url(world)
        except LookupError:
            continue  # named by the test above
        line = lines[page.name + page.address] = {}
        with undoing() as undo:
            for key, client in asked.items():
                drawn = key == "visitor" or any(word in page.address for word in APART)
                try:
                    line[key] = answer(client, url, drawn=drawn)
                except Broken as error:
                    broken.append(f"{key}: {error}")
                undo()
    calls, permissions_of, misfit = ask_operations(world, asked_names)
    broken += misfit
    assert not broken, "\n  " + "\n  ".join(broken)
    with translation.override("en"):
        text = document(world, pages, lines) + operations_table.document(world, calls, permissions_of)
    assert "| ? |" not in text, "somebody was not asked"
    if os.environ.get("WRITE_PERMISSIONS") == "1":
        DOCUMENT.write_text(text)
    was = DOCUMENT.read_text() if DOCUMENT.exists() else ""
    differing = sorted(set(text.splitlines()) ^ set(was.splitlines()))
    assert text == was, "docs/permissions.md is out of date; run `manage.py permission_table`:\n" + "\n".join(differing)


# Seen in lists and beside what they did, while their page is for those who manage them.
SEEN_BY_NAME = {"accounts.User"}


def test_what_one_sees_and_what_one_may_tell_the_same_truth(world):
    """A rule never grants an object that `visible_to` hides, and who sees a record may open a page of it.

    A record may have a page for each side (companies, buyers, the team), and a side that has one has it for everybody
    who sees the record. What another room shows about the record is that room's to open or not.
    """
    contradictions, sights, openings = [], set(), set()

    def side(key):
        person = world.people[key]
        return "team" if person.is_team else "company" if person.is_company else person.role

    for page in listed_pages():
        if page.subject is None or page.permission not in all_permissions():
            continue
        row = world.example(page.subject)
        room, verb = page.permission.split(".")
        is_its_page = room == room_of(page.subject) and verb.startswith(("view_", "read_"))
        for key, person in world.people.items():
            if person is None:
                continue
            sees = page.subject._default_manager.visible_to(person).filter(pk=row.pk).exists()
            may = is_allowed(person, page.permission, row)
            if may and not sees:
                contradictions.append(f"{key} may {page.permission} on {row!r} without seeing it")
            if is_its_page and sees:
                sights.add((key, row))
            if is_its_page and may:
                openings.add((key, row))
    sides = {(side(key), row) for key, row in openings}
    contradictions += [
        f"{key} sees {row!r} and may open no page of it"
        for key, row in sights - openings
        if (side(key), row) in sides and row._meta.label not in SEEN_BY_NAME
    ]
    assert not contradictions, "\n  " + "\n  ".join(sorted(set(contradictions)))
