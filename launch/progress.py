"""What the person at the terminal sees while waiting."""

import sys
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
def step(title: str, tell: Say = say) -> Iterator[None]:
    """Announce a long step, then how long it took."""
    tell(f"· {title} …")
    started = time.monotonic()
    yield
    tell(f"  done in {time.monotonic() - started:.1f} s")
