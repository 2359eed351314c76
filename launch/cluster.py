"""A PostgreSQL cluster on disk: its folders, its passwords, its settings."""

import json
import locale
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import psutil

from launch import binaries
from launch.errors import LaunchError, disk_is_full
from launch.folders import MEGABYTE, fingerprint, write_private
from launch.locks import FileLock
from launch.ports import free_port
from launch.progress import Say, say_nothing, step
from launch.system_user import RunUser, can_reach, server_user

OWNER = "pavillon_owner"
APPLICATION = "pavillon"
REACHABLE_HOMES = Path("/var/lib/pavillon")


@dataclass(frozen=True)
class Cluster:
    """One embedded server. `throwaway` trades durability for speed: for tests only."""

    data: Path
    home: Path
    user: RunUser
    throwaway: bool = False

    @property
    def folder(self) -> Path:
        """PGDATA."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def state(self) -> Path:
        """What the keeper says about the server, for those who wait for it."""
        return self.home / "state.json"

    @property
    def start_lock(self) -> FileLock:
        return FileLock(self.home / "start.lock")

    @property
    def users_lock(self) -> FileLock:
        """Shared by everybody who uses the server; the keeper stops it when nobody is left."""
        return FileLock(self.home / "users.lock")

    @property
    def keeper_lock(self) -> FileLock:
        return FileLock(self.home / "keeper.lock")

    @property
    def sockets(self) -> Path:
        """Outside PGDATA (pg_rewind stumbles over a socket there) and short (107 bytes at most)."""
        base = Path("/run") if os.geteuid() == 0 and Path("/run").is_dir() else Path(tempfile.gettempdir())
        if len(str(base)) > 60:
            base = Path("/tmp")  # noqa: S108 - a private folder is made below it
        return base / f"pavillon-{self.user.uid}-{fingerprint(self.home)}"

    @property
    def is_standby(self) -> bool:
        """Whether it follows another server and takes no writes itself."""
        return (self.folder / "standby.signal").exists()

    @property
    def credentials(self) -> Path:
        return self.data / "database.json"

    def read_credentials(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.credentials.read_text()))

    def write_credentials(self, kept: dict[str, Any]) -> None:
        write_private(self.credentials, json.dumps(kept, indent=1))

    def program(self, name: str) -> str:
        return str(binaries.runnable_by(self.user) / name)

    def url(self, port: int, *, owner: bool = False, database: str = APPLICATION) -> str:
        """A connection address on the loopback interface, password included.

        Tests go through the socket, which costs them and the server a twentieth less.
        """
        kept = self.read_credentials()
        role, password = (OWNER, kept["owner_password"]) if owner else (APPLICATION, kept["password"])
        if self.throwaway:
            return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(self.sockets))}&port={port}"
        return f"postgresql://{role}:{quote(password)}@127.0.0.1:{port}/{database}"


def open_cluster(data: Path, *, throwaway: bool = False) -> Cluster:
    """Find the place of this data folder's cluster; creates folders, starts nothing.

    Normally `<data>/postgres`. When root's data folder cannot be reached by the
    unprivileged user, the cluster lives in /var/lib/pavillon/<name> and the file
    `postgres.location` in the data folder says so.
    """
    pointer = data / "postgres.location"
    home = Path(pointer.read_text().strip()) if pointer.exists() else data / "postgres"
    user = server_user(home / "data")
    if user.is_other and not pointer.exists() and not can_reach(user, data):
        home = REACHABLE_HOMES / fingerprint(data)
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        if not can_reach(user, home):
            raise LaunchError(
                f"The database's user {user.name} can reach neither {data} nor {home}.",
                "choose a folder that every user may pass through: PAVILLON_DATA=/srv/pavillon make run",
            )
        pointer.write_text(f"{home}\n")
    home.mkdir(mode=0o711 if user.is_other else 0o700, parents=True, exist_ok=True)
    return Cluster(data, home, user, throwaway)


def open_sockets(cluster: Cluster) -> None:
    """Make the socket folder, and refuse one that somebody else put there first."""
    folder = cluster.sockets
    try:
        folder.mkdir(mode=0o700)
        cluster.user.own(folder)
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or found.st_uid != cluster.user.uid:
            raise LaunchError(f"{folder} does not belong to user {cluster.user.name}.", "remove it.") from None


def create_cluster(cluster: Cluster, tell: Say = say_nothing) -> None:
    """Run initdb if there is no cluster yet. An interrupted initdb leaves nothing behind that counts.

    Raises LaunchError when the disk is full, the passwords are lost, or initdb fails.
    """
    if (cluster.folder / "PG_VERSION").exists():
        if not cluster.credentials.exists():
            raise LaunchError(
                f"The database in {cluster.home} has lost its passwords: {cluster.credentials} is missing.",
                f"put that file back, or move {cluster.home} away to begin with an empty database.",
            )
        return
    with step("Creating the database (once)", tell):
        _initialise(cluster)


def _initialise(cluster: Cluster) -> None:
    free = shutil.disk_usage(cluster.home).free // MEGABYTE
    if free < 300:
        raise disk_is_full(cluster.home, f"{free} MB free, 300 MB needed")
    owner_password = secrets.token_urlsafe(24)
    kept = {"owner_password": owner_password, "password": secrets.token_urlsafe(24), "port": free_port()}
    open_sockets(cluster)
    for interrupted in cluster.home.glob("data.new*"):
        shutil.rmtree(interrupted)
    draft = cluster.home / "data.new"
    draft.mkdir(mode=0o700)
    cluster.user.own(draft)
    password_file = cluster.sockets / "initial-password"
    try:
        write_private(password_file, owner_password)
        cluster.user.own(password_file)
        made = subprocess.run(
            [
                *(cluster.program("initdb"), "--pgdata", str(draft), "--username", OWNER),
                *("--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8"),
                # The built-in C.UTF-8 sorts and folds the same on every system.
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", _system_locale()),
                *("--no-instructions", "--no-sync" if cluster.throwaway else "--data-checksums"),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": _system_locale(), "TZ": "UTC"},
            **cluster.user.popen(),  # type: ignore[call-overload]
        )
    finally:
        password_file.unlink(missing_ok=True)
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        if "No space left" in made.stderr:
            raise disk_is_full(cluster.home)
        raise LaunchError(f"The database could not be created:\n{made.stderr.strip()}")
    cluster.write_credentials(kept)
    draft.rename(cluster.folder)


def _system_locale() -> str:
    """C.UTF-8 where the C library has it (not on macOS), else C."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def preferred_port(cluster: Cluster) -> int:
    """The port of the last start, so that addresses stay the same, or another if it is taken."""
    kept = cluster.read_credentials()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", kept["port"]))
        except OSError:
            kept["port"] = free_port()
            cluster.write_credentials(kept)
    return int(kept["port"])


def server_settings(cluster: Cluster, port: int) -> dict[str, str]:
    """Settings for one small machine, given on the command line at each start.

    An eighth of the memory for shared buffers (128 MB to 1 GB): the rest stays
    for the operating system's cache and for the web processes.
    """
    memory = machine_memory() // MEGABYTE
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        # What a standby or the archive did not take is kept for them, but never until the disk is full.
        "max_slot_wal_keep_size": "8GB",
        "random_page_cost": "1.1",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # A long recovery says each second how far it is.
        "log_startup_progress_interval": "1s",
    }
    if cluster.throwaway:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "shared_buffers": "256MB",
            # A thousand connections prove a password that guards nothing.
            "scram_iterations": "1",
            # What tests write is rolled back: hardly anything to clean up or to count, in hundreds of tables each time.
            "autovacuum_naptime": "10min",
        }
    return settings


def machine_memory() -> int:
    """Bytes of memory of the machine, or of the container when it is limited."""
    memory = psutil.virtual_memory().total
    try:
        return int(min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text())))
    except (OSError, ValueError):
        return int(memory)
