"""A quiet thread a process: it hears at once that keys changed, and drops those that memory held long enough."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from pavillon.security.connecting import own_parameters

CHANNEL = "pavillon_keys"
TICK = 5.0
log = logging.getLogger(__name__)


class Ear(threading.Thread):
    """Calls `changed` when PostgreSQL passes a notice on (and after each reconnection: one may have been missed), and
    `tick` every `TICK` seconds."""

    def __init__(self, changed: Callable[[], None], tick: Callable[[], None]) -> None:
        super().__init__(name="keys", daemon=True)
        self.changed, self.tick = changed, tick

    def run(self) -> None:
        while True:
            try:
                self._hear()
            except psycopg.OperationalError as error:
                log.warning("Keys: no ear at the database (%s); next try in %d s", error, TICK)
            self.changed()
            time.sleep(TICK)

    def _hear(self) -> None:
        with psycopg.connect(**own_parameters("pavillon keys"), autocommit=True) as line:
            line.execute(f"LISTEN {CHANNEL}")
            self.changed()
            while True:
                for _notice in line.notifies(timeout=TICK, stop_after=1):
                    self.changed()
                self.tick()


def tell_keys_changed(cursor: Any) -> None:
    """Every process forgets its keys when this transaction commits."""
    cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
