"""A running Pavillon of its own: `pavillon serve` with web server, worker and mailbox over a database with the demo.

The demo is seeded once per version of the code into a template database, with its data folder beside it (keys,
pictures, accounts); every run copies both, which takes a second.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from launch.ports import free_port
from launch.preparation import inputs
from tests.database import template

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "pavillon_story_"
# What a run under `make` hands down and the house must not inherit.
NOT_OURS = {"PAVILLON_FROM_MAKE", "SMTP_PORT", "SECRET_KEY", "PAVILLON_BASE_URL", "PAVILLON_MASTER_KEY_FILE", "HOST"}
PATIENCE = 180.0


@dataclass
class House:
    """Where it is reached, and who lives in it: `people` maps a persona to its demo account."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    people: dict[str, dict[str, str]] = field(default_factory=dict)

    def verify(self) -> None:
        """What an auditor runs: every line of every log is the one that the application wrote."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "launch", "verify"],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def words(self) -> str:
        """The end of each log, for the report of a failure."""
        logs = sorted((self.data / "log").glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-2500:]}" for log in logs)


@contextmanager
def open_house() -> Iterator[House]:
    """A copy of the seeded demo, served; everything it started is stopped and removed at the end."""
    seed, kept = seeded()
    place = _place()
    name = f"{seed}_run_{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="pavillon-story-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(kept, data)
        with _server() as server:
            _drop(server, name)
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(seed)))
        try:
            with _served(make_conninfo(dbname=name, **place), data) as house:
                yield house
        finally:
            with _server() as server:
                _drop(server, name)


def seeded() -> tuple[str, Path]:
    """The name of a database with reference data and the demo, and its data folder; made now if they are missing."""
    stamp = inputs()[:16]
    name = PREFIX + stamp
    shelf = Path(tempfile.gettempdir()) / f"pavillon-story-{os.getuid()}"
    shelf.mkdir(mode=0o700, exist_ok=True)
    data = shelf / stamp
    migrated = template()
    # Runs beside each other make it once.
    with (shelf / "lock").open("w") as lock, _server() as server:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = [row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname = %s", [name])]
        if known and (data / "demo-accounts.json").exists():
            return name, data
        _drop(server, name)
        shutil.rmtree(data, ignore_errors=True)
        building = f"{name}_building"
        _drop(server, building)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(building), sql.Identifier(migrated))
        )
        draft = data.with_suffix(".building")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "launch.preparation"],
            env=_environment(make_conninfo(dbname=building, **_place()), draft) | {"SECRET_KEY": "seed" * 12},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"The demo could not be seeded:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
        draft.rename(data)
        _forget_old(server, shelf, name)
    return name, data


def _forget_old(server: psycopg.Connection[Any], shelf: Path, current: str) -> None:
    """Versions of the code that are gone need no demo."""
    old = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"]).fetchall()
    for (name,) in old:
        if name != current and not name.startswith(f"{current}_"):
            try:
                _drop(server, name)
            except psycopg.errors.ObjectInUse:
                continue  # another run lives in it
            shutil.rmtree(shelf / name.removeprefix(PREFIX), ignore_errors=True)
    for draft in shelf.glob("*.building"):
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _served(url: str, data: Path) -> Iterator[House]:
    port = free_port()
    environment = _environment(url, data) | {"PORT": str(port)}
    said = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "launch", "serve"],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    house = House(url=f"http://localhost:{port}", data=data, process=process, environment=environment)
    try:
        _wait_until_ready(house)
        accounts = json.loads((data / "demo-accounts.json").read_text())
        house.people = {account["persona"]: account for account in accounts}
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.close()


def _wait_until_ready(house: House) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = (house.data / "serve.log").read_text(errors="replace")
        assert house.process.poll() is None, f"`pavillon serve` ended:\n{said[-3000:]}\n{house.words()}"
        try:
            with urllib.request.urlopen(f"{house.url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"Not ready after {PATIENCE:.0f} s:\n{said[-3000:]}\n{house.words()}")


def _environment(url: str, data: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": url,
        "PAVILLON_DATA": str(data),
        "PYTHONPATH": str(ROOT),
    }


def _place() -> dict[str, Any]:
    base = settings.DATABASES["default"]
    found = {"user": base["USER"], "password": base["PASSWORD"], "host": base["HOST"], "port": base["PORT"]}
    return {name: value for name, value in found.items() if value}


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(make_conninfo(dbname="postgres", **_place()), autocommit=True) as server:
        yield server


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
