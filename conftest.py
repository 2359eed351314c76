"""What every test of the repository shares."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.browser"]


@pytest.fixture(autouse=True)
def clean_after_a_flush(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that truncates all tables also empties those that Django does not manage, and begins without keys."""
    marker = request.node.get_closest_marker("django_db")
    truncates = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not truncates and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    from django.db.backends.postgresql.operations import DatabaseOperations

    from pavillon.security.keys import keyring

    flush = DatabaseOperations.sql_flush

    def flush_all(self: DatabaseOperations, *args: Any, **options: Any) -> list[str]:
        # Partitioned tables of our own point at tables that are emptied.
        return flush(self, *args, **{**options, "allow_cascade": True})

    monkeypatch.setattr(DatabaseOperations, "sql_flush", flush_all)
    keyring.forget()
    yield
    keyring.forget()
