"""Files that people send, sealed on the disk."""

import io
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from pavillon.core.encryption import FILE_MARK, cipher


def place_of(name: str) -> str:
    """What binds a stored file to its name: put under another one it does not open."""
    return f"media:{name}"


class SealedStorage(FileSystemStorage):
    """The folder of uploads: written sealed, read opened; files of before are read as they are."""

    def _save(self, name: str, content: Any) -> str:
        sealed = io.BytesIO()
        content.seek(0)
        # The name is known only once it is taken: the folder may hold another file of this name.
        name = self.get_available_name(name)
        cipher().seal_file(content, sealed, place_of(name))
        saved: str = super()._save(name, ContentFile(sealed.getvalue()))  # type: ignore[misc]
        if saved != name:
            # Somebody took the name in between.
            super().delete(saved)
            return self._save(saved, content)
        return saved

    def _open(self, name: str, mode: str = "rb") -> File:
        if set(mode) - {"r", "b"}:
            raise ValueError(f"A sealed file is read or saved whole, not opened as {mode}")
        with super()._open(name, "rb") as stored:  # type: ignore[misc]
            return ContentFile(cipher().open_file(stored, place_of(name)).read(), name)

    def size(self, name: str) -> int:
        path = Path(self.path(name))
        with path.open("rb") as stored:
            is_sealed = stored.read(4) == FILE_MARK
        return len(self._open(name).read()) if is_sealed else path.stat().st_size
