"""The journal beside the database, read: launch/journal.py and launch/probe.py write it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

PROBE = "probe-"


def folder() -> Path:
    return Path(settings.DATA) / "continuity"


def _lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file; one that a power cut left half written is left out."""
    found = []
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    for line in text.splitlines():
        try:
            found.append(dict(json.loads(line)))
        except ValueError:
            continue
    return found


def events() -> list[dict[str, Any]]:
    return _lines(folder() / "events.jsonl")


def answers() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each probe's name with the answers of its files, in the order of time. A file is `probe-<name>-<day>.jsonl`."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder().glob(f"{PROBE}*.jsonl")):
        files.setdefault(path.stem.removeprefix(PROBE).rpartition("-")[0], []).append(path)
    for name, paths in files.items():
        for path in paths:
            yield name, _lines(path)


def _state(name: str) -> dict[str, Any] | None:
    try:
        told = dict(json.loads((folder() / name).read_text()))
        return told | {"at": datetime.fromisoformat(told["at"])}
    except (OSError, ValueError, KeyError):
        return None


def archive_state() -> dict[str, Any] | None:
    """How the copying of the database's log stands: {at, last, waiting, problem}; None before the first backup."""
    return _state("archive.json")


def replication_state() -> dict[str, Any] | None:
    """Who follows the database: {at, standbys: [{name, state, mode, bytes}]}; None where nobody looked."""
    return _state("replication.json")
