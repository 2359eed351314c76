"""What a process of the product finds in its environment: database, data folder, secrets."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch.errors import LaunchError
from launch.folders import ROOT, data_folder, open_data_folder, write_private
from launch.given import given_secret
from launch.postgres import Postgres
from launch.progress import Say, say_nothing

OLDEST_POSTGRESQL = 18


@dataclass
class Surroundings:
    """A data folder and a database in use. `server` is None when DATABASE_URL names an outside one."""

    data: Path
    url: str
    server: Postgres | None = None

    def environment(self) -> dict[str, str]:
        """The environment of the product's processes, secrets included."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            **os.environ,
            "DATABASE_URL": self.url,
            "PAVILLON_DATA": str(self.data),
            "PATH": os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", "")]),
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": given_secret("SECRET_KEY") or kept_secret(self.data / "secret-key"),
        }

    def enter(self) -> None:
        """Make this process one of the product's processes."""
        os.environ.update(self.environment())


def kept_secret(path: Path) -> str:
    """A random secret, made once and kept in a file only its owner may read."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def open_surroundings(*, data: Path | None = None, throwaway: bool = False, tell: Say = say_nothing) -> Surroundings:
    """Use DATABASE_URL if it is given, else start or join the embedded server.

    Raises LaunchError when the outside server cannot be reached or is too old.
    """
    folder = open_data_folder(data or data_folder())
    outside = os.environ.get("DATABASE_URL")
    if outside:
        check_outside(outside)
        return Surroundings(folder, outside)
    server = Postgres(folder, throwaway=throwaway, tell=tell).join()
    return Surroundings(folder, server.url, server)


@contextmanager
def surroundings(
    *, data: Path | None = None, throwaway: bool = False, tell: Say = say_nothing
) -> Iterator[Surroundings]:
    """The same inside a `with` block: leaves the embedded server at the end."""
    opened = open_surroundings(data=data, throwaway=throwaway, tell=tell)
    try:
        yield opened
    finally:
        if opened.server:
            opened.server.leave()


def check_outside(url: str) -> None:
    """Raise LaunchError unless the server behind DATABASE_URL answers and is recent enough."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise LaunchError(
            f"The database of DATABASE_URL cannot be used: {str(error).strip()}",
            "check the address, or unset DATABASE_URL to use the embedded PostgreSQL.",
        ) from None
    if version < OLDEST_POSTGRESQL * 10000:
        raise LaunchError(
            f"The database of DATABASE_URL is PostgreSQL {version // 10000}; "
            f"Pavillon needs {OLDEST_POSTGRESQL} or later.",
            "use a newer server, or unset DATABASE_URL to use the embedded PostgreSQL.",
        )
