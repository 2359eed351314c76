"""Stamps: what a long step was done for, so that it is done again only when its inputs change."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from launch.folders import write_private

NOT_INPUTS = {"node_modules", "__pycache__", "tests", "locale", "templates"}


def digest(*paths: Path) -> str:
    """A fingerprint of the content of files, and of all files below folders."""
    total = hashlib.sha256()
    for path in paths:
        for file in [path] if path.is_file() else _files(path):
            total.update(file.relative_to(path.parent).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    for entry in sorted(folder.iterdir()) if folder.exists() else []:
        if entry.name in NOT_INPUTS:
            continue
        if entry.is_dir():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def read_stamp(path: Path) -> Any:
    """What was stamped, or None when nothing readable was."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def write_stamp(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, json.dumps(content, indent=1, sort_keys=True))
