"""What every test of the repository shares."""

from collections.abc import Iterator
from typing import Any

import pytest

# `open_page` and `violations`, for every room with tests in a real browser.
pytest_plugins = ["tests.browser", "tests.database"]


@pytest.fixture(autouse=True, scope="session")
def flush_empties_every_table() -> Iterator[None]:
    """Partitioned tables that Django does not manage point at tables that a flush empties: they are emptied too."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def flush_all(self: DatabaseOperations, *args: Any, **options: Any) -> list[str]:
        return flush(self, *args, **{**options, "allow_cascade": True})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush_all)
        yield


@pytest.fixture(autouse=True)
def fresh_keys_after_a_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that truncates tables also loses the data keys: begin it, and what follows, with an empty ring."""
    marker = request.node.get_closest_marker("django_db")
    truncates = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not truncates and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    from pavillon.security.keys import keyring

    keyring.forget()
    yield
    keyring.forget()


@pytest.fixture(autouse=True)
def default_language() -> None:
    """Every test begins in the product's own language, whatever the request of the test before spoke."""
    from django.utils import translation

    translation.deactivate()


# What lasts longest begins first: two processes share the files, and neither shall wait at the end for the other.
LONGEST = (
    "launch/tests/test_serve.py",
    "tests/story/",
    "tests/test_permissions_table.py",
    "tests/test_nothing_leaks.py",
    "launch/",
    "pavillon/directory/tests/test_register_runs.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files of a whole run by how long they take; those that are not named keep their order behind."""

    def place(item: pytest.Item) -> int:
        named = (number for number, start in enumerate(LONGEST) if item.nodeid.startswith(start))
        return next(named, len(LONGEST))

    items.sort(key=place)
