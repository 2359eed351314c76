"""File locks that the kernel gives back when their holder dies, even by `kill -9`."""

import fcntl
import os
import time
from pathlib import Path

from launch.progress import Say, say_nothing


class FileLock:
    """An advisory lock on a file, shared by many or held by one.

    The file stays; only the lock on the open descriptor counts. Descriptors are
    not inherited by child processes, so a child never holds a lock by accident.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        return self._descriptor is not None

    def try_take(self, *, shared: bool = False) -> bool:
        """Take the lock now or not at all. Changes the mode of a lock already held."""
        descriptor = self._descriptor
        if descriptor is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            # A failed change of mode may drop the lock we had: hold nothing rather than guess.
            os.close(descriptor)
            self._descriptor = None
            return False
        self._descriptor = descriptor
        return True

    def take(self, *, shared: bool = False, tell: Say = say_nothing, waiting_for: str = "") -> None:
        """Wait for the lock; says once what it waits for."""
        told = False
        while not self.try_take(shared=shared):
            if not told and waiting_for:
                tell(f"  waiting for {waiting_for} …")
                told = True
            time.sleep(0.1)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock for himself at this moment."""
    if not path.exists():
        return False
    with FileLock(path) as lock:
        return not lock.try_take(shared=True)
