"""The end of a process that has the product loaded.

Python would walk through all that was loaded, and take it apart piece by piece, to give back memory that the system
takes back anyway: a third of what a short command costs.
"""

import atexit
import os
import sys
from collections.abc import Callable


def leave_quickly(code: Callable[[], int]) -> None:
    """At the end of this process do what was asked for its end, in Python's order, and leave the memory to the system.

    Threads are waited for before it, as ever. `code` gives what the process then says.
    """

    def leave() -> None:
        atexit.unregister(leave)
        atexit._run_exitfuncs()
        # Whatever broke out and was printed since `code` was settled is no success.
        said = code() or int(hasattr(sys, "last_value"))
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                # As Python says it: what was written last could not be.
                said = 120
        os._exit(said)

    atexit.register(leave)


def run(main: Callable[[], int | None]) -> None:
    """Run a program's `main` and end with the code that it returns or leaves with."""
    code: int | None
    try:
        code = main()
    except SystemExit as left:
        if left.code is not None and not isinstance(left.code, int):
            # Python says what it is, and 1.
            raise
        code = left.code
    leave_quickly(lambda: int(code or 0))
