"""A data folder in which Pavillon was started once and stopped: database, demo, keys, pictures, accounts.

A first start is the dearest thing that tests do. It is made once per version of the code, and asked there what it owes;
whoever needs it later copies the folder, which takes a second.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.folders import ROOT
from launch.ports import free_port
from launch.preparation import inputs
from launch.stamps import digest
from launch.tests.conftest import Place, wait_for
from launch.tests.running import Serve, descendants, has_ended, is_free

SECONDS = "seconds-of-the-first-start"
# The database's own user passes through.
ROOM = Path("/tmp") / f"pavillon-first-start-{os.getuid()}"


def begin(place: Place) -> float:
    """Put such a folder where the place is. Returns how many seconds the first start took when it was made."""
    with _shelf() as kept:
        if not kept.exists():
            _start_once(place)
            _put(place.data, kept)
        else:
            _copy(kept, place.data)
    return float((place.data / SECONDS).read_text())


def _start_once(place: Place) -> None:
    port = free_port()
    serve = Serve(place.data, port)
    serve.wait_until_ready(420)
    assert serve.get("/healthz") == 200
    assert serve.get("/readyz") == 200
    accounts = json.loads((place.data / "demo-accounts.json").read_text())
    assert accounts
    for account in accounts:
        assert account["email"] in serve.said()

    # A second one on the same folder says where the first is.
    second = Serve(place.data, free_port())
    assert second.process.wait(60) == 1
    assert f"already runs from the data folder {place.data}: http://localhost:{port}" in second.said()

    # Ctrl-C ends all of it, the database included, and nothing is lost.
    everything = descendants(serve.process)
    serve.process.send_signal(signal.SIGINT)
    assert serve.process.wait(60) == 0
    assert serve.said().rstrip().endswith("Stopped.")
    for process in everything:
        wait_for(lambda process=process: has_ended(process), what=f"the end of {process}")
    assert place.postmaster is None
    assert place.keeper is None
    assert is_free(port)
    (place.data / SECONDS).write_text(str(serve.seconds()))


@contextmanager
def _shelf() -> Iterator[Path]:
    """Where the folder stands, or shall stand: it is the caller's alone until the block ends."""
    ROOM.mkdir(mode=0o711, exist_ok=True)
    with (ROOM / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = ROOM / f"{inputs()[:16]}-{digest(ROOT / 'launch')[:16]}"
        for other in ROOM.iterdir():
            # Of another version of the code, or never finished.
            if other.is_dir() and other != kept:
                shutil.rmtree(other, ignore_errors=True)
        yield kept


def _put(data: Path, kept: Path) -> None:
    """Keep a stopped Pavillon's folder, whole or not at all."""
    draft = kept.with_suffix(".draft")
    _copy(data, draft)
    draft.rename(kept)


def _copy(source: Path, target: Path) -> None:
    """With owners and rights: the database's files belong to its own user."""
    target.mkdir(mode=0o711, exist_ok=True)
    subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)
