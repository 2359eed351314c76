"""The process `archive`: takes the log of the database as it is written, and puts it sealed at every site.

`pg_receivewal` follows the server by a replication slot, so nothing is lost while this process is away: the server
keeps what was not taken, and this process what a site did not accept.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from launch import journal
from launch.binaries import packaged
from launch.cluster import open_cluster
from launch.errors import LaunchError
from launch.folders import write_private
from launch.postmaster import read_pid_file
from launch.sealing import seal_file
from launch.sites import KEY_FILE
from launch.vault import Vault, connection_environment, copy_into, copy_ledger, system_of, vaults
from launch.witness import Witness, beside, witness_of

SLOT = "pavillon_archive"
LOOK_SECONDS = 1.0
# A segment that is being written is copied this often: what a site may lack when this machine burns down.
UNFINISHED_SECONDS = 15.0
SETTLED = 20.0
# So often the keys are asked for while they are away: what is written meanwhile is signed when they are back.
KEYS_SECONDS = 30.0


class Archive:
    """Takes the log until it is told to stop."""

    def __init__(self, data: Path) -> None:
        self.data, self.cluster = data, open_cluster(data)
        self.spool = data / "continuity" / "wal"
        self.public = json.loads((data / KEY_FILE).read_text())["public"]
        self.system = system_of(self.owner_url)
        self.places = vaults(data, self.system)
        self.witness: Witness | None = None
        self.asked_at, self.unsigned = -KEYS_SECONDS, dict[Path, tuple[int, str]]()
        self.receiving: subprocess.Popen[bytes] | None = None
        self.must_stop = False
        self.problem, self.last, self.unfinished_at = "", "", 0.0
        self.begun_at, self.deaths = 0.0, 0
        self.copied: dict[Path, float] = {}

    @property
    def owner_url(self) -> str:
        """The server may have been started again elsewhere. Raises LaunchError while it is away."""
        written = read_pid_file(self.cluster.folder)
        if written is None:
            raise LaunchError(f"The database in {self.cluster.home} does not run.")
        return self.cluster.url(written.port, owner=True, database="postgres")

    def run(self) -> None:
        for order in (signal.SIGTERM, signal.SIGINT):
            signal.signal(order, self._ask_to_stop)
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        for draft in (one for vault in self.places for one in vault.wal.glob(".*.new")):
            draft.unlink(missing_ok=True)
        keep_log(self.owner_url)
        try:
            while not self.must_stop:
                self._receive()
                self.look()
                time.sleep(LOOK_SECONDS)
        finally:
            if self.receiving and self.receiving.poll() is None:
                self.receiving.terminate()
                self.receiving.wait()
            self.look(unfinished=True)

    def _ask_to_stop(self, *received: object) -> None:
        self.must_stop = True

    def _receive(self) -> None:
        if self.receiving is not None and self.receiving.poll() is None:
            self.deaths = 0 if time.monotonic() - self.begun_at > SETTLED else self.deaths
        else:
            if read_pid_file(self.cluster.folder) is None:
                return
            self.begun_at, self.deaths = time.monotonic(), self.deaths + 1
            self.receiving = subprocess.Popen(
                [
                    *(str(packaged() / "pg_receivewal"), "--directory", str(self.spool), "--slot", SLOT),
                    *("--status-interval", "2", "--no-password"),
                ],
                env=connection_environment(self.owner_url),
                stdin=subprocess.DEVNULL,
                cwd="/",
            )

    def look(self, *, unfinished: bool = False) -> None:
        """Put what is there at the sites, and say how it stands."""
        try:
            self._find_witness()
            for path in sorted(self.spool.iterdir()):
                if path.suffix == ".partial":
                    if unfinished or time.monotonic() - self.unfinished_at >= UNFINISHED_SECONDS:
                        self.unfinished_at = time.monotonic()
                        self._copy_changed(path)
                elif not path.name.startswith("."):
                    self._store(path)
                    self.last = path.name
                    path.unlink()
            ledger = self.data / "erasures" / "ledger.jsonl"
            if ledger.exists() and self.copied.get(ledger) != ledger.stat().st_mtime:
                self.copied[ledger] = ledger.stat().st_mtime
                copy_ledger(self.data, self.places, self.public, self.witness)
            # Once is the beginning, a second time the server was started again.
            self.problem = "pg_receivewal does not stay alive: see log/archive.log" if self.deaths > 2 else ""
            if self.witness is None and not self.problem:
                self.problem = "The log is copied without signatures: the keys are away, or a new backup is owed."
        except (OSError, LaunchError) as error:
            if not self.problem:
                print(f"{journal.now():%Y-%m-%d %H:%M:%S} {error}", file=sys.stderr, flush=True)
            self.problem = str(error)
        waiting = sum(not path.name.endswith(".partial") for path in self.spool.iterdir())
        told: dict[str, Any] = {"at": journal.now().isoformat(), "last": self.last, "waiting": waiting}
        write_private(self.data / "continuity" / "archive.json", json.dumps(told | {"problem": self.problem}))

    def _copy_changed(self, path: Path) -> None:
        changed = path.stat().st_mtime
        if self.copied.get(path) != changed:
            self._store(path)
            self.copied = {path: changed, **{one: at for one, at in self.copied.items() if one.suffix != ".partial"}}

    def _store(self, path: Path) -> None:
        first, *others = self.places
        announce = self.witness.announce(_place(first, path)) if self.witness else None
        written = seal_file(path, _place(first, path), path.name.removesuffix(".partial"), self.public, announce)
        for vault in others:
            if self.witness:
                self.witness.sign(_place(vault, path), written.size, written.sha256)
            copy_into(_place(first, path), _place(vault, path), written.sha256)
        if self.witness is None:
            self.unsigned |= {_place(vault, path): (written.size, written.sha256) for vault in self.places}
        if path.suffix != ".partial":
            for vault in self.places:
                unfinished = _place(vault, path.with_name(path.name + ".partial"))
                for one in (unfinished, beside(unfinished)):
                    one.unlink(missing_ok=True)

    def _find_witness(self) -> None:
        """The key that signs, once; what this process wrote without it is signed then, as it was written."""
        if self.witness is not None or time.monotonic() - self.asked_at < KEYS_SECONDS:
            return
        self.asked_at = time.monotonic()
        try:
            key = json.loads((self.data / KEY_FILE).read_text())
            self.witness = witness_of(key, self.system, {**os.environ, "PAVILLON_DATA": str(self.data)})
        except LaunchError:
            return
        if self.witness:
            for place, (size, sha256) in self.unsigned.items():
                if place.exists():
                    self.witness.sign(place, size, sha256)
            self.unsigned.clear()
            self.copied.pop(self.data / "erasures" / "ledger.jsonl", None)


def _place(vault: Vault, path: Path) -> Path:
    return vault.wal / f"{path.name}.sealed"


def keep_log(owner_url: str) -> None:
    """From now on the server keeps its log until the archive has taken it."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_create_physical_replication_slot(%(slot)s, true)"
            " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %(slot)s)",
            {"slot": SLOT},
        )


def state_of(data: Path) -> dict[str, Any] | None:
    """What the process said last, None when it never ran: {at, last, waiting, problem}."""
    try:
        return dict(json.loads((data / "continuity" / "archive.json").read_text()))
    except (OSError, ValueError):
        return None


def main() -> int:
    Archive(Path(sys.argv[1])).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
