"""What was done with the key: one line a use, each chained to the one before, so that none is changed unseen."""

import fcntl
import hashlib
import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FIRST = "0" * 64


class Journal:
    """Lines of JSON in a file: number, moment, who, what, about what, whether it was done, and the chain."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._catch_up()

    def _catch_up(self) -> None:
        """Read what is there: a command beside the running service writes lines too."""
        self.lines, self.head, self.uses, self.last_use = 0, FIRST, 0, ""
        for line in self.read():
            self._count(line)
        self._size = self.path.stat().st_size if self.path.exists() else 0

    def read(self) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in self.path.read_text().splitlines()]
        except FileNotFoundError:
            return []

    def write(self, who: str, what: str, about: str = "", *, done: bool = True) -> None:
        """Kept on disk before the answer leaves."""
        with self._lock, self.path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if self.path.stat().st_size != self._size:
                self._catch_up()
            line = {
                "n": self.lines + 1,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "who": who,
                "what": what,
                "about": about,
                "done": done,
            }
            line["chain"] = link(self.head, line)
            self.path.chmod(0o600)
            file.write(json.dumps(line) + "\n")
            file.flush()
            self._size = self.path.stat().st_size
            self._count(line)

    def _count(self, line: dict[str, Any]) -> None:
        self.lines, self.head = line["n"], line["chain"]
        if line["what"] in ("wrap", "unwrap") and line["done"]:
            self.uses, self.last_use = self.uses + 1, line["at"]

    def first_fault(self) -> int | None:
        """The number of the first line that was changed, taken away or slipped in; None when all hold.

        Whoever may write the file can write all of it anew: the platform keeps the head in its own trail.
        """
        head = FIRST
        for number, line in enumerate(self.read(), start=1):
            content = {name: value for name, value in line.items() if name != "chain"}
            if line["n"] != number or line["chain"] != link(head, content):
                return number
            head = line["chain"]
        return None


def link(head: str, line: dict[str, Any]) -> str:
    return hashlib.sha256((head + json.dumps(line, sort_keys=True)).encode()).hexdigest()
