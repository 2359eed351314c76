"""The ledger of erasures, in a file beside the database: a backup that is restored forgets what was erased since.

One line an erasure, JSON: its reference, why, when, and which rows ({"directory.contact": [5]}): numbers, no person.
Each line is signed with a key that only the platform holds; a line that was altered is refused, never obeyed.
Back the file up apart from the database (docs/how-to/erase-a-person.md).
"""

import base64
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from pavillon.core.encryption import cipher


class AlteredLine(Exception):
    """A line of the ledger does not bear the platform's signature."""


@dataclass(frozen=True)
class Line:
    """One erasure as the file keeps it; `erased_at` is ISO 8601."""

    reference: str
    why: str
    erased_at: str
    rows: dict[str, list[Any]]
    keys: list[str]


def path() -> Path:
    return Path(settings.DATA) / "erasures" / "ledger.jsonl"


def _signature(content: str) -> str:
    return base64.b64encode(cipher().blind_index(content.encode(), "privacy.ledger")).decode()


def append(line: Line) -> None:
    """Add a line for good: written and on the disk before this returns."""
    content = json.dumps(vars(line), sort_keys=True)
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path().open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not f"\n{file.read()}".endswith("\n"):
            # A power failure cut the last line: the next one must not grow onto it.
            file.write("\n")
        file.write(json.dumps({"line": content, "signature": _signature(content)}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read() -> list[Line]:
    """Every line, oldest first. Raises AlteredLine with its number.

    A line cut by a power failure is left out: the database still knows that erasure, and it is written again.
    """
    if not path().exists():
        return []
    lines = []
    for number, text in enumerate(path().read_text(encoding="utf-8").split("\n"), start=1):
        if not text.endswith("}"):
            continue
        try:
            kept = json.loads(text)
            is_ours = _signature(kept["line"]) == kept["signature"]
        except (ValueError, KeyError, TypeError):
            is_ours = False
        if not is_ours:
            raise AlteredLine(number)
        lines.append(Line(**json.loads(kept["line"])))
    return lines
