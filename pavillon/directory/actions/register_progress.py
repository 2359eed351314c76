"""How far an import of the register is, for the terminal and for the screen."""

import time
from collections.abc import Callable

from pavillon.directory.enums import RunState
from pavillon.directory.models import RegisterRun

Tell = Callable[[RegisterRun], None]
# Share of the whole, in percent: where each step begins and ends, as measured on a first load.
SPANS = {
    RunState.READING: (0, 25),
    RunState.COMPARING: (25, 45),
    RunState.WRITING: (45, 95),
    RunState.FOLLOWING: (95, 100),
}
EVERY_SECONDS = 1.0


def silent(run: RegisterRun) -> None:
    """For callers who look at the run themselves."""


class Progress:
    """Keeps a run's percentage, pace and remaining time fresh, at most once a second."""

    def __init__(self, run: RegisterRun, tell: Tell) -> None:
        self.run, self.tell = run, tell
        self.began = self.told = time.monotonic()
        self.first_percent: int | None = None

    def share(self, step: RunState, share: float) -> None:
        """A step is done to `share` (0 to 1)."""
        now = time.monotonic()
        if now - self.told < EVERY_SECONDS:
            return
        self.told = now
        first, last = SPANS[step]
        percent = int(first + (last - first) * min(1.0, share))
        self.first_percent = percent if self.first_percent is None else self.first_percent
        gained, seconds = percent - self.first_percent, now - self.began
        self.run.percent = max(percent, self.run.percent)
        self.run.seconds_left = int(seconds * (100 - percent) / gained) if gained > 0 else None
        if self.run.read and gained > 0:
            self.run.rows_per_second = int(self.run.read * gained / 100 / seconds)
        RegisterRun.objects.filter(pk=self.run.pk).update(
            percent=self.run.percent,
            seconds_left=self.run.seconds_left,
            rows_per_second=self.run.rows_per_second,
        )
        self.tell(self.run)

    def end(self) -> None:
        """The run is over: its pace is that of the whole."""
        seconds = self.run.seconds
        self.run.rows_per_second = int(self.run.read / seconds) if seconds else None
        self.run.save(update_fields=["rows_per_second"])
        self.tell(self.run)
