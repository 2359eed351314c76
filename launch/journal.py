"""What happened around the database, written where it can be written while the database is away.

One line of JSON each, below `<data>/continuity/`. The room `continuity` takes the lines in when it can; a line has a
reference of its own, so that a database put back from a backup takes in again what it forgot.
"""

import json
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def folder(data: Path) -> Path:
    return data / "continuity"


def now() -> datetime:
    return datetime.now(UTC)


def note(data: Path, kind: str, **facts: Any) -> dict[str, Any]:
    """Add one event: a backup, a restore test, a fail-over, a renewal. Returns the line."""
    line = {"reference": uuid.uuid4().hex, "kind": kind, "at": now().isoformat(), **facts}
    append(folder(data) / "events.jsonl", line)
    return line


def append(path: Path, line: dict[str, Any]) -> None:
    """One whole line at the end of a private file; two writers do not mix their lines."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, (json.dumps(line, separators=(",", ":")) + "\n").encode())
    finally:
        os.close(descriptor)
