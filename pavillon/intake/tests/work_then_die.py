"""In a process of its own (`tests/nursery.py`): a phase in batches of two rows that kills itself at a named call."""

import os
import signal

from pavillon.intake import actions
from pavillon.intake.actions import rehearsing, taking, taking_known, taking_new, undoing
from pavillon.intake.models import Delivery

PLACES = {
    "rehearsing": rehearsing,
    "taking": taking,
    "taking_known": taking_known,
    "taking_new": taking_new,
    "undoing": undoing,
}


def work(phase, number, module="", name="", at="0"):
    """Die, as by `kill -9`, in place of the call number `at` of a function ("": live to the end)."""
    for batches in (rehearsing, taking, undoing):
        batches.BATCH = 2
    if name:
        real, calls = getattr(PLACES[module], name), []

        def deadly(*given, **named):
            calls.append(1)
            if len(calls) == int(at):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        setattr(PLACES[module], name, deadly)
    getattr(actions, f"run_{phase}")(delivery=Delivery.objects.get(pk=int(number)))
