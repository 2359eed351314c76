"""The database's main process: found, recognised, stopped. Never mistaken for another."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from launch.progress import Say, say_nothing


@dataclass(frozen=True)
class PidFile:
    """What `postmaster.pid` says. `status` is starting, ready, stopping or standby; empty at the very beginning."""

    pid: int
    port: int
    status: str


def read_pid_file(cluster: Path) -> PidFile | None:
    """The content of postmaster.pid, or None if there is none or it is not readable yet."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return PidFile(
            pid=abs(int(lines[0])),
            port=int(lines[3]) if len(lines) > 3 and lines[3] else 0,
            status=lines[7].strip() if len(lines) > 7 else "",
        )
    except (FileNotFoundError, IndexError, ValueError):
        return None


def find_postmaster(cluster: Path, uid: int) -> psutil.Process | None:
    """The running postmaster of this cluster, or None.

    A pid alone proves nothing: after a crash or a reboot the number may belong to
    anybody. It is ours only if it runs as the cluster's user and its command line
    is `postgres -D <this cluster>`. The returned object remembers the moment the
    process started, so a later signal cannot reach a successor with the same pid.
    """
    written = read_pid_file(cluster)
    if written is None:
        return None
    try:
        process = psutil.Process(written.pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.uids().real != uid:
            return None
        command = process.cmdline()
    except psutil.Error:
        return None
    return process if _serves(command, cluster) else None


def _serves(command: list[str], cluster: Path) -> bool:
    if not command or Path(command[0]).name != "postgres" or "-D" not in command[:-1]:
        return False
    return Path(command[command.index("-D") + 1]).resolve() == cluster.resolve()


def leftover_backends(cluster: Path, uid: int) -> list[psutil.Process]:
    """Server processes that outlived their postmaster: they still work in the cluster's folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.uids().real != uid or not process.name().startswith("postgres"):
                continue
            if Path(process.cwd()).resolve() == cluster.resolve():
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def forget_stale_files(cluster: Path, sockets: Path, uid: int) -> None:
    """Remove what a dead server left, once it is certain that nobody works in the cluster.

    PostgreSQL trusts a left-over pid file when the number belongs to any living
    process of the same user, and then refuses to start for ever.
    """
    if find_postmaster(cluster, uid) or leftover_backends(cluster, uid):
        return
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for left in sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def stop(process: psutil.Process, *, tell: Say = say_nothing, patience: float = 120) -> bool:
    """Ask for a fast shutdown; after `patience` seconds for an immediate one. True when the process ended."""
    for order, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 30.0)):
        try:
            process.send_signal(order)
        except psutil.NoSuchProcess:
            return True
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if has_ended(process):
                return True
            time.sleep(0.05)
        tell(f"the database has not stopped after {seconds:.0f} s")
    return has_ended(process)


def has_ended(process: psutil.Process) -> bool:
    """Whether the process is gone. Reaps it if it is a child of this process."""
    try:
        process.wait(timeout=0)
    except psutil.TimeoutExpired:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    return True
