"""In a process of its own (`tests/nursery.py`): imports files and kills itself, without warning, at a named point."""

import os
import signal
from pathlib import Path

from pavillon.directory.actions import register, register_following
from pavillon.directory.staging import Staging


def die(*_told, **_more):
    os.kill(os.getpid(), signal.SIGKILL)


def after(times, do):
    """Call as usual, and die after that many calls."""
    counted = []

    def wrapped(*told, **more):
        result = do(*told, **more)
        counted.append(1)
        if len(counted) >= times:
            die()
        return result

    return wrapped


def die_at(time, do):
    """Call as usual, and die in place of that call."""
    counted = []

    def wrapped(*told, **more):
        counted.append(1)
        return die() if len(counted) >= time else do(*told, **more)

    return wrapped


POINTS = {
    "reading": lambda: setattr(Staging, "read", after(1, Staging.read)),
    "comparing": lambda: setattr(Staging, "compare", after(1, Staging.compare)),
    "before writing": lambda: setattr(register, "_write_differences", die),
    # The rows of the third batch are sent, their commit never comes.
    "inside a batch": lambda: setattr(register, "_copy", after(3, register._copy)),
    "between batches": lambda: setattr(register, "_next_batch", after(3, register._next_batch)),
    # The index that a first load took away is not back yet; on a monthly load there is none to give back.
    "before the index": lambda: setattr(register, "_restore_keys", die_at(2, register._restore_keys)),
    "before following": lambda: setattr(register, "follow_register", die),
    "inside following": lambda: setattr(register_following, "offer_many", die),
    "before the end": lambda: setattr(register, "_finish", die),
}


def import_files(point, *paths):
    """Die at the point ("": live to the end)."""
    # Small enough for several batches.
    register.BATCH_BYTES, register.SKIMMED_FROM = 2_000, 0
    if point:
        POINTS[point]()
    register.import_register([Path(path) for path in paths])
