"""The keeper: the small process that starts the database, watches it, and stops it when nobody uses it.

It is separate from the commands that use the database, so that `kill -9` of any
of them, of the keeper itself or of the server leaves something the next start
can repair:

* users hold a shared lock on `users.lock`. The kernel drops it when they die.
  When the keeper gets that lock for itself, nobody is left: it stops the server.
* the keeper holds `keeper.lock`. When it dies, the next command starts another,
  which adopts the running server.
* when the server dies while somebody uses it, the keeper starts it again.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from launch.cluster import Cluster, open_cluster, open_sockets, preferred_port, server_settings
from launch.errors import LaunchError, explained
from launch.folders import ROOT, write_private
from launch.locks import FileLock
from launch.postmaster import (
    find_postmaster,
    forget_stale_files,
    has_ended,
    leftover_backends,
    read_pid_file,
    stop,
)

LOG_LIMIT = 10 * 1024 * 1024
PATIENCE_WITH_LEFTOVERS = 30.0
TRIES = 4


class Keeper:
    """Keeps one cluster's server running for as long as somebody uses it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.users = cluster.users_lock
        self.must_stop = False

    def keep(self) -> None:
        """Run until the last user has left or somebody asks to stop."""
        with self.cluster.keeper_lock as lock:
            if not _take_soon(lock):
                return
            for order in (signal.SIGTERM, signal.SIGINT):
                signal.signal(order, self._ask_to_stop)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            try:
                self._keep()
            except (LaunchError, OSError) as error:
                known = error if isinstance(error, LaunchError) else explained(error)
                self._tell("failed", problem=getattr(known, "problem", str(error)), remedy=getattr(known, "remedy", ""))
                log(str(error))
            # keeper.lock is released before users.lock: who waits for the latter finds no keeper.
        self.users.release()

    def _keep(self) -> None:
        process = find_postmaster(self.cluster.folder, self.cluster.user.uid)
        failures = 0
        while not self._is_over():
            if process is None or has_ended(process):
                process = self._start_server()
            if self._follow_start(process):
                failures = 0
                self._tell("ready", port=self._port())
                log(f"the server is ready (pid {process.pid})")
                self._watch(process)
                continue
            if self._is_over():
                break
            failures += 1
            self._repair(process, failures)
        if process is not None and not has_ended(process):
            self._tell("stopping")
            stop(process, tell=log)
            log("the server has stopped")
        shutil.rmtree(self.cluster.sockets, ignore_errors=True)
        self.cluster.state.unlink(missing_ok=True)

    def _start_server(self) -> psutil.Process:
        self._tell("starting")
        cluster = self.cluster
        open_sockets(cluster)
        self._end_leftovers()
        forget_stale_files(cluster.folder, cluster.sockets, cluster.user.uid)
        if cluster.log.exists() and cluster.log.stat().st_size > LOG_LIMIT:
            cluster.log.replace(cluster.log.with_suffix(".log.old"))
        command = [cluster.program("postgres"), "-D", str(cluster.folder)]
        for name, value in server_settings(cluster, preferred_port(cluster)).items():
            command += ["-c", f"{name}={value}"]
        self.log_start = cluster.log.stat().st_size if cluster.log.exists() else 0
        with cluster.log.open("ab") as output:
            # Kept: a forgotten child would be reaped behind our back.
            self.server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C"},
                **cluster.user.popen(),  # type: ignore[call-overload]
            )
        return psutil.Process(self.server.pid)

    def _follow_start(self, process: psutil.Process) -> bool:
        """Wait as long as the server lives; True when it accepts connections. Recovery has no time limit."""
        told = ""
        while not has_ended(process) and not self._is_over():
            written = read_pid_file(self.cluster.folder)
            if written and written.pid == process.pid and self._is_up(written.status):
                return True
            lines = self._new_log_lines()
            if lines and lines[-1] != told:
                told = lines[-1]
                self._tell("starting", detail=told)
            time.sleep(0.03)
        return False

    def _is_up(self, status: str) -> bool:
        """Ready for all, or for readers: a standby takes no writes until it is promoted, a recovery will."""
        return status == "ready" or (status == "standby" and self.cluster.is_standby)

    def _watch(self, process: psutil.Process) -> None:
        while not self._is_over() and not has_ended(process):
            time.sleep(0.25)
        if not self._is_over():
            log("the server has died: starting it again")

    def _repair(self, process: psutil.Process, failures: int) -> None:
        """Called when the server ended before it was ready: raise if a new try cannot help."""
        said = "\n".join(self._new_log_lines()[-12:])
        log(f"the server did not start (try {failures}):\n{said}")
        if "No space left on device" in said:
            raise OSError(28, "No space left on device", str(self.cluster.home))
        if failures >= TRIES:
            raise LaunchError(f"The database does not start. Its last words:\n{said}", f"see {self.cluster.log}")
        time.sleep(0.5 * failures)

    def _end_leftovers(self) -> None:
        """Processes of a killed server see its death by themselves; insist with those that do not."""
        cluster = self.cluster
        deadline = time.monotonic() + PATIENCE_WITH_LEFTOVERS
        while left := leftover_backends(cluster.folder, cluster.user.uid):
            self._tell("starting", detail=f"waiting for {len(left)} processes of the killed server")
            late = time.monotonic() > deadline
            for process in left:
                try:
                    process.send_signal(signal.SIGKILL if late else signal.SIGQUIT)
                except psutil.NoSuchProcess:
                    continue
            time.sleep(0.1)

    def _is_over(self) -> bool:
        """Nobody uses the server any more, or somebody asked to stop. Keeps new users waiting from then on."""
        if not self.must_stop and self.users.try_take():
            log("nobody uses the database any more")
            self.must_stop = True
        return self.must_stop

    def _ask_to_stop(self, *signal_received: object) -> None:
        self.must_stop = True

    def _port(self) -> int:
        written = read_pid_file(self.cluster.folder)
        return written.port if written else 0

    def _new_log_lines(self) -> list[str]:
        start = getattr(self, "log_start", None)
        if start is None or not self.cluster.log.exists():
            return []
        with self.cluster.log.open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace").splitlines()

    def _tell(self, state: str, **details: Any) -> None:
        told = {"state": state, "keeper": os.getpid(), **details}
        try:
            write_private(self.cluster.state, json.dumps(told))
        except OSError as error:
            # On a full disk the state cannot be told; the log line may still fit.
            log(f"could not write {self.cluster.state}: {error}")


def _take_soon(lock: FileLock) -> bool:
    """Somebody who only asks whether a keeper runs holds the lock for an instant: try for a while."""
    for _ in range(50):
        if lock.try_take():
            return True
        time.sleep(0.02)
    return False


def log(text: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S"), text, file=sys.stderr, flush=True)


def start_keeper(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Start a keeper of its own session: Ctrl-C in the terminal does not reach it or the server."""
    with (cluster.home / "keeper.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "launch.keeper", str(cluster.data), "throwaway" if cluster.throwaway else ""],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        )


if __name__ == "__main__":
    Keeper(open_cluster(Path(sys.argv[1]), throwaway=sys.argv[2] == "throwaway")).keep()
