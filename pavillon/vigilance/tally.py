"""What one request has read so far: gathered while it runs, spent in one statement when it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Tally:
    """Rows by how they were read; `again` are those that a page on the screen shows once more.

    `proof` says when the session last proved who sits there, None where none can.
    """

    proof: Callable[[], datetime | None] = lambda: None
    user: Any = None
    opened: int = 0
    listed: int = 0
    exported: int = 0
    again: int = 0
    # The lines of the read log that tell of it.
    lines: list[int] = field(default_factory=list)

    def add(self, user: Any, how: str, rows: int, *, is_new: bool, line: int | None = None) -> None:
        self.user = user
        self.lines += [line] if line is not None else []
        column = column_of(how, rows) if is_new else "again"
        setattr(self, column, getattr(self, column) + rows)


def column_of(how: str, rows: int) -> str:
    """One record is opened, several are listed; what leaves in a file is exported whatever its size."""
    if how == "export":
        return "exported"
    return "listed" if how in ("list", "search") or rows != 1 else "opened"


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)
_reserved: ContextVar[bool] = ContextVar("reserved", default=False)


def current() -> Tally | None:
    return _tally.get()


@contextmanager
def tallying(proof: Callable[[], datetime | None]) -> Iterator[Tally]:
    """Gather what is read inside."""
    tally = Tally(proof)
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


def is_reserved() -> bool:
    return _reserved.get()


@contextmanager
def reserved() -> Iterator[None]:
    """Rows read inside were counted when they were granted."""
    token = _reserved.set(True)
    try:
        yield
    finally:
        _reserved.reset(token)
