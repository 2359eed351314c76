"""`pavillon restore-test`: the last backup is put back in a throw-away place and looked at. Its result is a record."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from tarfile import TarError
from typing import Any

import psycopg

from launch import journal
from launch.cluster import open_cluster
from launch.errors import LaunchError
from launch.postgres import Postgres
from launch.progress import Say, say
from launch.restore import checks_of, restore
from launch.surroundings import Surroundings
from launch.vault import declared_places


def rehearse_restore(
    around: Surroundings, *, site: str = "", into: Path | None = None, tell: Say = say
) -> dict[str, Any]:
    """Restore the newest backup of a site (the last declared, the farthest one, if none is named) and check it.

    Returns the line of the journal: {passed, seconds, backup, site, checks: [{code, is_good, value}], problem}.
    """
    places = declared_places(around.data)
    chosen = [place for place in places if place.code == site] if site else places[-1:]
    if not chosen:
        raise LaunchError(f"There is no site {site}.", f"name one of {', '.join(place.code for place in places)}.")
    # Below the data folder: as reachable for the server's user, and as guarded, as the data themselves.
    folder = into or Path(tempfile.mkdtemp(prefix="restore-test-", dir=around.data))
    if into is None and os.geteuid() == 0:
        folder.chmod(0o711)
    started = time.monotonic()
    checks: list[dict[str, Any]] = []
    facts: dict[str, Any] = {"backup": "", "until": None}
    problem = ""
    try:
        keys = Path(around.environment().get("PAVILLON_MASTER_KEY_FILE") or around.data / "keys" / "master.key").parent
        done = restore(chosen, folder, to=None, keys=keys, tell=tell)
        facts = {"backup": done.backup, "until": done.until, "digest": done.digest}
        # Each file of the database was compared with the list of the backup on the way (pg_verifybackup).
        checks.append({"code": "files_are_whole", "is_good": True, "value": ""})
        checks.append({"code": "server_starts", "is_good": True, "value": f"{done.seconds:.1f}"})
        checks += _look_inside(folder, done.environment)
    except (LaunchError, OSError, TarError, psycopg.Error) as error:
        # Whatever stood in the way, a full disk too: the test did not pass, and the register says so.
        problem = error.problem if isinstance(error, LaunchError) else f"{type(error).__name__}: {error}"
        checks.append({"code": "restore", "is_good": False, "value": problem[:300]})
    finally:
        with suppress(LaunchError, OSError):
            cluster = open_cluster(folder)
            shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return journal.note(
        around.data,
        "restore_test",
        **facts,
        site=chosen[0].code,
        seconds=round(time.monotonic() - started, 2),
        passed=not problem and all(one["is_good"] for one in checks),
        problem=problem[:300],
        checks=checks,
    )


def _look_inside(folder: Path, environment: dict[str, str]) -> list[dict[str, Any]]:
    """Rows, logs and keys, asked of the restored database by the product's own code."""
    with_server = Postgres(folder)
    try:
        with_server.join()
        with psycopg.connect(with_server.url) as connection:
            found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
            if not (found and found[0]):
                tables = connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()
                return [{"code": "tables", "is_good": bool(tables and tables[0]), "value": str(tables and tables[0])}]
        return checks_of(environment | {"DATABASE_URL": with_server.url})
    finally:
        with_server.leave()
        with_server.wait_until_stopped()
