"""Where brought files lie, encrypted, between their arrival and the moment when their rows are stored."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from pavillon.core.encryption import cipher

CONTEXT = "intake.vault"


def _place(number: int) -> Path:
    return Path(settings.DATA) / "intake" / f"{number}.sealed"


def store(number: int, content: bytes) -> None:
    """Keep a file under the number of its delivery; written whole or not at all."""
    place = _place(number)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(".part")
    with draft.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        cipher().seal_file(io.BytesIO(content), file, f"{CONTEXT}:{number}")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)


@contextmanager
def opened(number: int) -> Iterator[Path]:
    """The path of a readable copy, which is gone afterwards. Raises FileNotFoundError."""
    with _place(number).open("rb") as stored:
        stream = cipher().open_file(stored, f"{CONTEXT}:{number}")
        # A file of before is sealed as one value, and bound to this folder only.
        content = cipher().decrypt(stream.read(), CONTEXT) if stream is stored else stream.read()
    with as_file(content) as path:
        yield path


@contextmanager
def as_file(content: bytes) -> Iterator[Path]:
    """Content as a file of the system's private temporary folder, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pavillon-intake-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        yield path


def drop(number: int) -> None:
    """Forget a file; dropping twice is dropping once."""
    _place(number).unlink(missing_ok=True)
