"""How many pages of a process are made at a time, beside how many threads it has for them.

Only one thread of a process runs Python at a time: what a second and a third one can do is to go on while the first
waits for the database. More of them take the interpreter's lock from each other at each question, so that all are late
together (decision 0050). A page that is slow by itself, which waits for a long question or for who reads it, does not
keep the others from theirs: it gives its lane back while it goes on.
"""

import asyncio
from collections import deque

# Seconds after which a page that is still being made counts no longer.
SLOW = 0.3


class Lane:
    """The right to be made now. Given back once: at the end, or before it by who is slow."""

    def __init__(self, lanes: "Lanes", loop: asyncio.AbstractEventLoop) -> None:
        self._lanes: Lanes | None = lanes
        self._clock = loop.call_later(lanes.slow, self.give_back)

    def give_back(self) -> None:
        """To who has waited longest."""
        if self._lanes is not None:
            lanes, self._lanes = self._lanes, None
            self._clock.cancel()
            lanes.pass_on()


class Lanes:
    """`most` pages at a time, in the order in which they came; all calls in one loop. `slow` in seconds."""

    def __init__(self, most: int, slow: float = SLOW) -> None:
        self.free = most
        self.slow = slow
        self.waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> Lane:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        if self.free:
            self.free -= 1
        else:
            turn: asyncio.Future[None] = loop.create_future()
            self.waiting.append(turn)
            try:
                await turn
            except BaseException:
                # It may have been given the lane in the moment in which it left.
                if turn.done() and not turn.cancelled():
                    self.pass_on()
                raise
        return Lane(self, loop)

    def pass_on(self) -> None:
        """A lane is free: the next one's."""
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1
