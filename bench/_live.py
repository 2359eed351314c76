"""Ears of the live bench: a browser tab on `/live/`, and a bare LISTEN on PostgreSQL."""

import http.client
import json
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from bench._web import Visitor

Heard = tuple[float, dict[str, Any]]


class Ear:
    """Something that hears messages in a thread of its own and keeps when each came."""

    def __init__(self) -> None:
        self.heard: queue.Queue[Heard] = queue.Queue()
        self.ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        if not self.ready.wait(20):
            raise RuntimeError("The live stream was not opened within 20 seconds")

    def _listen(self) -> None:
        raise NotImplementedError

    def forget(self) -> None:
        while not self.heard.empty():
            self.heard.get()

    def wait_for(self, what: Callable[[dict[str, Any]], bool], seconds: float = 20) -> float:
        """When the first message that fits came (`time.perf_counter`). Raises RuntimeError when none comes."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            try:
                moment, message = self.heard.get(timeout=left)
            except queue.Empty:
                break
            if what(message):
                return moment
        raise RuntimeError(f"The message did not come within {seconds} seconds")


class Tab(Ear):
    """A browser tab: the stream that its person is allowed to hear."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        super().__init__()

    def _listen(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.visitor.port)
        connection.request("GET", "/live/", headers={"Cookie": self.visitor.cookie})
        response = connection.getresponse()
        if response.status == 200:
            self.ready.set()
        while line := response.readline():
            if line.startswith(b"data: "):
                self.heard.put((time.perf_counter(), json.loads(line[6:])))


class Database(Ear):
    """PostgreSQL's own notifications on one channel, as fast as psycopg tells them."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        super().__init__()

    def _listen(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"LISTEN {self.channel}")
            self.ready.set()
            for notice in connection.notifies():
                self.heard.put((time.perf_counter(), json.loads(notice.payload)))
