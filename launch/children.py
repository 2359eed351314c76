"""The processes of the product: started, started again when they die, stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from launch.folders import ROOT
from launch.progress import Say, say
from launch.stamps import read_stamp, write_stamp

LOG_LIMIT = 5 * 1024 * 1024
STOP_PATIENCE = 12.0
SETTLED = 60.0
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """One program to keep alive. `failures` counts deaths in a row and makes the pauses longer."""

    name: str
    command: list[str]
    # What the kernel sends it when we are killed. A program that ends its own children needs the gentle one.
    death_signal: signal.Signals = signal.SIGTERM
    # Variables of its own, besides those that all have.
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    failures: int = 0
    ended_with: int | None = None


@dataclass
class Children:
    """All the programs of one run. Their output goes to `<data>/log/<name>.log`."""

    data: Path
    environment: dict[str, str]
    tell: Say = say
    children: list[Child] = field(default_factory=list)

    @property
    def record(self) -> Path:
        return self.data / "run" / "processes.json"

    def log(self, name: str) -> Path:
        return self.data / "log" / f"{name}.log"

    def start(
        self,
        name: str,
        command: list[str],
        death_signal: signal.Signals = signal.SIGTERM,
        extra: dict[str, str] | None = None,
    ) -> Child:
        child = Child(name, command, death_signal, extra or {})
        self.children.append(child)
        self._spawn(child)
        return child

    def look_after(self) -> None:
        """Start again what died, after a pause that doubles with each death in a row."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and _end_group_of_dead(child.process):
                if now - child.started_at > SETTLED:
                    child.failures = 0
                child.failures += 1
                child.ended_with = child.process.returncode
                child.process = None
                pause = min(0.5 * 2 ** (child.failures - 1), LONGEST_PAUSE)
                child.start_again_at = now + pause
                self.tell(f"! {child.name} ended (code {child.ended_with}); starting again in {pause:.1f} s")
                if child.failures % 4 == 1:
                    self.tell(f"  {self.last_words(child.name)}")
            if child.process is None and now >= child.start_again_at:
                self._spawn(child)

    def renew(self, child: Child, is_ready: Callable[[], bool], *, extra: dict[str, str], patience: float) -> str:
        """Start the program again beside itself, and end the old one once the new one is ready.

        Both serve meanwhile: they share the port. Returns "", or why the old one goes on alone.
        """
        old, was = child.process, child.extra
        child.extra = extra
        self._spawn(child)
        started = time.monotonic()
        problem = ""
        while not is_ready():
            assert child.process is not None
            if _end_group_of_dead(child.process):
                problem = f"The new {child.name} process ended (code {child.process.returncode})."
            elif time.monotonic() - started > patience:
                problem = f"The new {child.name} process was not ready within {patience:.0f} s."
                _end(child.process)
            if problem:
                child.process, child.extra = old, was
                self._write_record()
                return problem
            time.sleep(0.1)
        if old is not None:
            _end(old)
        self._write_record()
        return ""

    def start_again(self, child: Child) -> str:
        """End the program and start it anew: for one that holds a port which it shares with nobody. Returns ""."""
        if child.process is not None:
            _end(child.process)
        self._spawn(child)
        self._write_record()
        return ""

    def last_words(self, name: str, lines: int = 8) -> str:
        try:
            with self.log(name).open(errors="replace") as file:
                return "".join(deque(file, lines)).rstrip().replace("\n", "\n  ") + f"\n  (all of it: {self.log(name)})"
        except OSError:
            return ""

    def stop(self) -> None:
        """Ask all to stop, wait for them, and insist with those that do not."""
        processes = [child.process for child in self.children if child.process]
        running = [process for process in processes if not _end_group_of_dead(process)]
        for process in running:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE
        while time.monotonic() < deadline and not all(_end_group_of_dead(process) for process in running):
            time.sleep(0.05)
        for process in running:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.record.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """Stop the processes of an earlier run that was killed, and no others.

        A process is known by its number and the moment it started: a number that
        was given to another program since does not match.
        """
        left = []
        for pid, created in read_stamp(self.record) or []:
            try:
                process = psutil.Process(pid)
                if abs(process.create_time() - created) < 0.05:
                    left += [process, *process.children(recursive=True)]
                    process.terminate()
            except psutil.Error:
                continue
        if left:
            self.tell(f"· Ending {len(left)} processes that an interrupted run left …")
            _, stubborn = psutil.wait_procs(left, timeout=STOP_PATIENCE)
            for process in stubborn:
                process.kill()
        self.record.unlink(missing_ok=True)

    def _spawn(self, child: Child) -> None:
        log = self.log(child.name)
        log.parent.mkdir(mode=0o700, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.old"))
        with log.open("ab") as output:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                env=self.environment | child.extra,
                # Ctrl-C reaches us alone; we stop the children in order.
                start_new_session=True,
                preexec_fn=partial(die_with_parent, child.death_signal),
            )
        child.started_at = time.monotonic()
        self._write_record()

    def _write_record(self) -> None:
        known = []
        for child in self.children:
            if child.process is not None:
                try:
                    known.append([child.process.pid, psutil.Process(child.process.pid).create_time()])
                except psutil.NoSuchProcess:
                    continue
        write_stamp(self.record, known)


def _end_group_of_dead(process: "subprocess.Popen[bytes]") -> bool:
    """Whether the process has ended; then ends the processes it left behind, and reaps it.

    The group is ended before the leader is reaped: until then nobody else can get its number.
    """
    if process.returncode is not None:
        return True
    if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end what it is doing and to stop; insist after a while."""
    if _end_group_of_dead(process):
        return
    process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_PATIENCE
    while time.monotonic() < deadline and not _end_group_of_dead(process):
        time.sleep(0.05)
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def die_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """On Linux the kernel ends the child when we are killed; elsewhere the next start ends it."""
    if _libc is not None:
        parent = os.getppid()
        _libc.prctl(_PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:
            os.kill(os.getpid(), by)
