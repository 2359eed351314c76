"""A test database in a second: all migrations run once into a template, and every test database is a copy of it.

The template is named after the migrations' content, so a new or changed migration makes a new one; parallel workers
wait for the first to finish it. PostgreSQL copies files, which takes a tenth of a second per database.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core import management
from django.db.backends.postgresql.creation import DatabaseCreation
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "pavillon_template_"
# Branches beside each other have templates of their own; each is some 30 MB.
KEPT = 12


def pytest_configure(config: pytest.Config) -> None:
    """What a test itself reads and writes is the platform's own work; requests stand as who makes them (core.wall)."""
    from pavillon.core.wall import HOUSE, stand_as

    stand_as(HOUSE)


def fingerprint() -> str:
    """Changes whenever any migration of any app does."""
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.name}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def in_another_process(database: str) -> None:
    environment = {**os.environ, "PAVILLON_TEMPLATE_DB": database, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "-m", "launch.preparation", "--tables"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise pytest.UsageError(f"The test database could not be built:\n{done.stderr[-3000:]}")


def in_this_process(database: str) -> None:
    """Where nobody needs another database: it spares a second start of the product."""
    from django.db import connection

    from launch.preparation import migrate
    from launch.progress import say
    from pavillon.core.wall import HOUSE, stand_as

    stand_as(HOUSE)
    connection.close()
    connection.settings_dict["NAME"] = database
    migrate(say)
    connection.close()


def template(build: Callable[[str], None] = in_another_process) -> str:
    """The name of a database with all migrations applied, made now if there is none."""
    name = PREFIX + fingerprint()
    base = settings.DATABASES["default"]
    place = {"user": base["USER"], "password": base["PASSWORD"], "host": base["HOST"], "port": base["PORT"] or None}
    with psycopg.connect(dbname="postgres", autocommit=True, **place) as server:
        if name in _templates(server):
            return name
        # Workers of one run, and runs beside each other, make it once.
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        known = _templates(server)
        if name not in known:
            building = f"{name}_building"
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(building)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
            build(building)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
            )
            for old in known[: max(0, len(known) - KEPT + 1)]:
                try:
                    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
                except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
                    continue  # another run is copying it, or it belongs to another role
    return name


def _templates(server: psycopg.Connection) -> list[str]:
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
    return [name for (name,) in rows if not name.endswith("_building")]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let Django copy the template instead of migrating an empty database."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template()

    def drop(self: DatabaseCreation, test_database_name: str, verbosity: int) -> None:
        """Also when a thread of some test still holds a connection."""
        with self._nodb_cursor() as cursor:
            name = self.connection.ops.quote_name(test_database_name)
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    create = DatabaseCreation.create_test_db

    def copied(self: DatabaseCreation, *args: Any, keepdb: bool = False, **options: Any) -> str:
        """A copy of the template owes no migration; only one that was kept may. To find that out takes seconds."""

        def without_migrating(name: str, *words: Any, **more: Any) -> Any:
            return None if name == "migrate" else call_command(name, *words, **more)

        call_command = management.call_command
        with patch.object(management, "call_command", call_command if keepdb else without_migrating):
            return create(self, *args, keepdb=keepdb, **options)

    DatabaseCreation._destroy_test_db = drop  # type: ignore[method-assign]
    DatabaseCreation.create_test_db = copied  # type: ignore[method-assign]


if __name__ == "__main__":
    # Ahead of the tests, while other checks run. Whether a migration is missing is asked here too: it spares a start.
    import django

    from launch.ending import run

    def main() -> int:
        django.setup()
        missing = 0
        try:
            management.call_command("makemigrations", check_changes=True, dry_run=True, skip_checks=False)
        except SystemExit as told:
            missing = 1 if told.code else 0
        template(in_this_process)
        return missing

    run(main)
