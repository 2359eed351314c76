"""Every page of the resolver, asked by every persona, equals docs/permissions.md."""

import logging
import os

import pytest
from django.core.cache import cache
from django.utils import translation

from pavillon.core.permissions import all_permissions, is_allowed
from tests.permissions_table import (
    DOCUMENT,
    Broken,
    answer,
    clients,
    document,
    listed_pages,
    missing_examples,
)
from tests.world import make_world


@pytest.fixture
def world(db, settings):
    # The second factor has its own tests; here it would hide what lies behind it.
    settings.REQUIRE_MFA = False
    cache.clear()
    logging.disable(logging.ERROR)  # thousands of refusals are the point here
    with translation.override("en"):
        yield make_world()
    logging.disable(logging.NOTSET)


def test_every_page_has_an_example(world):
    """A page with an argument needs an example object, or nobody has ever asked it who may open it."""
    missing = sorted(set(missing_examples(world)))
    assert not missing, "\n  " + "\n  ".join(missing)


@pytest.mark.covers("SEC-11")
def test_permissions_table(world):
    """Who may open what, asked page by page, is what the committed table says."""
    asked, broken, lines = clients(world), [], {}
    for page in listed_pages():
        try:
            url = page.url(world)
        except LookupError:
            continue  # named by the test above
        line = lines[page.name + page.address] = {}
        for key, client in asked.items():
            try:
                line[key] = answer(client, url)
            except Broken as error:
                broken.append(f"{key}: {error}")
    assert not broken, "\n  " + "\n  ".join(broken)
    text = document(world, lines)
    if os.environ.get("WRITE_PERMISSIONS") == "1":
        DOCUMENT.write_text(text)
    was = DOCUMENT.read_text() if DOCUMENT.exists() else ""
    differing = sorted(set(text.splitlines()) ^ set(was.splitlines()))
    assert text == was, "docs/permissions.md is out of date; run `manage.py permission_table`:\n" + "\n".join(differing)


def test_what_one_sees_and_what_one_may_tell_the_same_truth(world):
    """A rule never grants an object that `visible_to` hides, and who sees a record may open its page."""
    contradictions = []
    for page in listed_pages():
        if page.subject is None or page.permission not in all_permissions():
            continue
        try:
            row = world.example(page.subject)
        except LookupError:
            continue
        is_reading = page.permission.split(".")[1].startswith(("view_", "read_"))
        for key, person in world.people.items():
            if person is None:
                continue
            sees = page.subject._default_manager.visible_to(person).filter(pk=row.pk).exists()
            may = is_allowed(person, page.permission, row)
            if may and not sees:
                contradictions.append(f"{key} may {page.permission} on {row!r} without seeing it")
            if sees and not may and is_reading:
                contradictions.append(f"{key} sees {row!r} and may not {page.permission}")
    assert not contradictions, "\n  " + "\n  ".join(sorted(set(contradictions)))
