"""The door to the embedded PostgreSQL: use it for a while, together with others, and leave."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from launch.cluster import Cluster, create_cluster, open_cluster
from launch.errors import LaunchError, disk_is_full
from launch.folders import open_data_folder
from launch.keeper import start_keeper
from launch.locks import FileLock, is_locked
from launch.postmaster import find_postmaster
from launch.progress import Say, say_nothing
from launch.roles import set_up_roles

STOP_PATIENCE = 180.0


class Postgres:
    """One user's stay with the embedded server of a data folder.

    `join` starts the server or joins the running one; `leave` lets the keeper
    stop it if this was the last user. A user that is killed leaves too.
    """

    def __init__(self, data: Path, *, throwaway: bool = False, tell: Say = say_nothing) -> None:
        self.cluster: Cluster = open_cluster(open_data_folder(data), throwaway=throwaway)
        self.tell = tell
        self.port = 0
        self._users: FileLock = self.cluster.users_lock
        self._keepers: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """The application's connection address."""
        return self.cluster.url(self.port)

    @property
    def owner_url(self) -> str:
        """The cluster owner's connection address: a superuser, for `psql --owner` only."""
        return self.cluster.url(self.port, owner=True)

    def join(self) -> "Postgres":
        """Be sure that the server runs and accepts connections. Waits as long as a recovery takes.

        Raises LaunchError with the server's own words when it cannot start.
        """
        with self.cluster.start_lock as lock:
            lock.take(tell=self.tell, waiting_for="another start of the same database")
            self._users.take(shared=True, tell=self.tell, waiting_for="the database to stop")
            create_cluster(self.cluster, self.tell)
            self.keep()
            self.port = self._wait_until_ready()
            set_up_roles(self.cluster, self.port)
        return self

    def keep(self) -> None:
        """Be sure that somebody watches the server: start a keeper if it was killed."""
        if is_locked(self.cluster.keeper_lock.path):
            return
        state = self._state()
        if state.get("state") == "failed":
            self.tell(f"! {state['problem']} {state['remedy']}")
        self.cluster.state.unlink(missing_ok=True)
        self._replace_dead_keeper()

    def _replace_dead_keeper(self) -> None:
        """Start a keeper unless one that we started is still coming up."""
        if all(keeper.poll() is not None for keeper in self._keepers):
            self._keepers.append(start_keeper(self.cluster))

    def leave(self) -> None:
        """Stop using the server. Returns at once; see `wait_until_stopped`."""
        if self._users.is_held:
            # A killed keeper would leave nobody to stop the server.
            self.keep()
        self._users.release()

    def wait_until_stopped(self) -> bool:
        """After `leave`: wait for a clean stop. False when others still use the server."""
        deadline = time.monotonic() + STOP_PATIENCE
        while time.monotonic() < deadline:
            with self.cluster.users_lock as users:
                nobody_left = users.try_take()
            if nobody_left and not is_locked(self.cluster.keeper_lock.path):
                if find_postmaster(self.cluster.folder, self.cluster.user.uid) is None:
                    return True
                # A keeper started a moment ago may not hold its lock yet; one that was killed never will.
                self._replace_dead_keeper()
            # The stopping keeper holds the lock for itself; other users share it.
            if not nobody_left and not is_locked(self.cluster.users_lock.path):
                return False
            time.sleep(0.1)
        return False

    def _state(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.cluster.state.read_text()))
        except (FileNotFoundError, ValueError):
            return {}

    def _wait_until_ready(self) -> int:
        started = told_at = time.monotonic()
        told = ""
        while True:
            state = self._state()
            if state.get("state") == "ready" and self._answers(state["port"]):
                return int(state["port"])
            if state.get("state") == "failed":
                raise LaunchError(state["problem"], state["remedy"])
            if not is_locked(self.cluster.keeper_lock.path) and time.monotonic() - started > 3:
                self._explain_missing_keeper()
            if time.monotonic() - told_at > 2:
                told_at = time.monotonic()
                now = state.get("detail", "")
                if now != told:
                    told = now
                    self.tell(f"  the database is starting ({time.monotonic() - started:.0f} s): {now}")
            time.sleep(0.03)

    def _explain_missing_keeper(self) -> None:
        """The keeper ended without a word: start another, or show its log when that is no use."""
        if any(keeper.poll() is None for keeper in self._keepers):
            return
        log = self.cluster.home / "keeper.log"
        said = log.read_text(errors="replace")[-1500:] if log.exists() else ""
        if "No space left" in said:
            raise disk_is_full(self.cluster.home)
        if len(self._keepers) < 3:
            self._keepers.append(start_keeper(self.cluster))
            time.sleep(0.5)
            return
        raise LaunchError(f"The database's keeper does not stay alive. Its last words:\n{said}", f"see {log}")

    def _answers(self, port: int) -> bool:
        # The state may be that of a server killed a moment ago.
        if find_postmaster(self.cluster.folder, self.cluster.user.uid) is None:
            return False
        try:
            psycopg.connect(self.cluster.url(port, owner=True, database="postgres"), connect_timeout=3).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LaunchError(
                    f"The database refuses the password in {self.cluster.credentials}.",
                    f"put the right file back, or move {self.cluster.home} away to begin with an empty database.",
                ) from None
            return False
        return True


@contextmanager
def postgres(data: Path, *, throwaway: bool = False, tell: Say = say_nothing) -> Iterator[Postgres]:
    """Use the embedded server inside a `with` block."""
    server = Postgres(data, throwaway=throwaway, tell=tell)
    try:
        yield server.join()
    finally:
        server.leave()
