"""What every test of the repository shares."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from launch.ending import leave_quickly

# `open_page` and `violations` for tests in a real browser, `nursery` for those that kill a process.
pytest_plugins = ["tests.browser", "tests.database", "tests.nursery", "tests.prepared"]


# Content types and permissions follow from the code: a test that empties the tables leaves them, and their numbers.
LEFT = ["django_content_type", "auth_permission", "django_migrations"]
# Tables that may hold rows, and whether a trigger of ours stands against deleting them (those that only keep count of
# people and of words do not).
WRITTEN = """
SELECT quote_ident(relname), EXISTS (
    SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal AND tgname !~ '^(company|people|words)_')
FROM pg_class c
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)
"""


# The data keys that stood before a test without a transaction, as it found them. They stay when it left them so: what
# `tests.remembered` sealed with them is good for the tests that follow, and is not made anew for each such test.
KEYS = "SELECT coalesce(array_agg(k::text), '{}') FROM security_datakey k WHERE created_by_id IS NULL"
_keys: list[str] = []


@pytest.fixture(autouse=True, scope="session")
def flush_empties_every_table() -> Iterator[None]:
    """After a test without a transaction: delete the rows there are, in tables that Django does not manage too.

    Django would cut off hundreds of tables, empty or not, and make content types and permissions anew: seconds.
    """
    from django.core.management.commands import flush
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    def flush_rows(self: DatabaseOperations, *args: Any, **options: Any) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN, [LEFT])
            written = dict(cursor.fetchall())
            if not written:
                return []
            # The names are as PostgreSQL itself quotes them.
            asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in written)  # noqa: S608
            cursor.execute(" UNION ALL ".join(asked))
            filled = [name for (name,) in cursor.fetchall()]
            cursor.execute(KEYS)
            if _keys and set(_keys) <= set(cursor.fetchone()[0]):
                cursor.execute("DELETE FROM security_datakey k WHERE k::text <> ALL(%s)", [_keys])
                filled.remove("security_datakey")
        guarded = [name for name in filled if written[name]]
        ordered = [f"TRUNCATE {', '.join(guarded)} CASCADE"] if guarded else []
        # Rows that point at each other are asked about at the end of the transaction.
        return ordered + [f"DELETE FROM {name}" for name in filled if not written[name]]  # noqa: S608

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush_rows)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


@pytest.fixture(autouse=True)
def fresh_keys_after_a_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that empties tables may also lose the data keys: begin it, and what follows, with an empty ring."""
    marker = request.node.get_closest_marker("django_db")
    truncates = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not truncates and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    from django.db import connection

    from pavillon.security.keys import keyring

    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
        cursor.execute(KEYS)
        _keys[:] = cursor.fetchone()[0]
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


def pytest_collection_finish(session: pytest.Session) -> None:
    """What imports made lives to the end: the collector need not walk it again and again (a tenth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was imported is not taken apart at the end: seconds in each process."""
    leave_quickly(lambda: int(session.exitstatus))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One file stays in one process; the files of the story stay together, since they live in one running house."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "tests/story" if nodeid.startswith("tests/story/") else super()._split_scope(nodeid)

    return Together(config, log)
