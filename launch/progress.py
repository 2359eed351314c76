"""What the person at the terminal sees while waiting."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]


def say(text: str) -> None:
    """One line, at once, even when the output goes to a file."""
    print(text, flush=True)


def say_nothing(text: str) -> None:
    """For commands whose output is read by a program."""


def warn(text: str) -> None:
    """One line on the error stream: it does not disturb a command whose output is read by a program."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str, tell: Say = say, *, speaks_itself: bool = False) -> Iterator[None]:
    """Announce a long step, say every ten seconds that it goes on, then how long it took.

    `speaks_itself`: the work inside prints its own progress.
    """
    tell(f"· {title} …")
    started = time.monotonic()
    ended = threading.Event()

    def tell_that_it_goes_on() -> None:
        while not ended.wait(10):
            tell(f"  still at it ({time.monotonic() - started:.0f} s)")

    if not speaks_itself:
        threading.Thread(target=tell_that_it_goes_on, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
    tell(f"  done in {time.monotonic() - started:.1f} s")
