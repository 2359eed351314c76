"""`pavillon reload`: the code on the disk is served from now on, and nobody notices.

The new web process starts beside the old one and shares its port; when it is ready the old one finishes its answers and
ends. A version that does not start leaves the old one in service. Migrations of a release must therefore suit the code
before them too (docs/how-to/fail-over.md).
"""

import argparse
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from launch import journal
from launch.children import Child, Children
from launch.errors import LaunchError
from launch.folders import data_folder
from launch.processes import is_alive
from launch.progress import say
from launch.stamps import read_stamp, write_stamp

ORDER = signal.SIGUSR1
WEB_PATIENCE = 120.0
WORKER_SETTLES = 3.0
READY_FOLDER = "PAVILLON_READY_FOLDER"


def ready_folder(data: Path) -> Path:
    """A new folder in which each web process says that it answers."""
    folder = data / "run" / f"web-{time.time_ns()}"
    folder.mkdir(parents=True)
    return folder


def renew_web(children: Children, child: Child, data: Path, workers: int) -> str:
    """Replace the web process. Returns "", or why the old one goes on."""
    folder, before = ready_folder(data), child.extra.get(READY_FOLDER)
    problem = children.renew(
        child,
        lambda: len(list(folder.iterdir())) >= workers,
        extra={READY_FOLDER: str(folder)},
        patience=WEB_PATIENCE,
    )
    shutil.rmtree(folder if problem else before or data / "run" / "web-none", ignore_errors=True)
    return problem


def renew_worker(children: Children, child: Child) -> str:
    """Replace the worker. The old one puts down its work as at any stop; what it had begun is put back."""
    begun = time.monotonic()
    return children.renew(child, lambda: time.monotonic() - begun > WORKER_SETTLES, extra=child.extra, patience=60)


def renew(data: Path, prepare: Callable[[], None], steps: list[Callable[[], str]]) -> str:
    """Prepare, then take the steps until one has a problem; the result is a stamp and, when it went well, an event."""
    started = time.monotonic()
    try:
        prepare()
        problem = ""
        for take in steps:
            problem = problem or take()
    except LaunchError as error:
        problem = error.problem
    seconds = round(time.monotonic() - started, 2)
    write_stamp(_stamp(data), {"problem": problem, "seconds": seconds})
    if not problem:
        journal.note(data, "renewed", seconds=seconds)
    return problem


def _stamp(data: Path) -> Path:
    return data / "run" / "renewal.json"


def reload(words: list[str]) -> int:
    """Ask the running `pavillon serve` to renew itself, and wait for its answer."""
    argparse.ArgumentParser(
        prog="pavillon reload",
        description="Serve the code that is on the disk now, without a stop: bring the database up to date, start the "
        "new web process beside the old one, and end the old one when the new one answers.",
    ).parse_args(words)
    data = data_folder()
    about: dict[str, Any] = read_stamp(data / "run" / "serve.json") or {}
    if not is_alive(about):
        raise LaunchError(f"No Pavillon runs from the data folder {data}.", "start it: pavillon serve")
    _stamp(data).unlink(missing_ok=True)
    os.kill(about["pid"], ORDER)
    while (done := read_stamp(_stamp(data))) is None:
        if not is_alive(about):
            raise LaunchError("Pavillon ended while it was renewed.", f"see {data / 'log'}.")
        time.sleep(0.2)
    if done["problem"]:
        raise LaunchError(f"{done['problem']} The version before goes on serving.", f"see {data / 'log'}.")
    say(f"Renewed in {done['seconds']:.1f} s, without a stop.")
    return 0
