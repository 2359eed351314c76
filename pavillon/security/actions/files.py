"""Files that were written plain."""

from pathlib import Path

from pavillon.core.encryption import FILE_MARK, cipher


def seal_path(path: Path, context: str) -> bool:
    """Seal a file where it lies; False when it was sealed already. Written whole or not at all. Raises DataLocked."""
    with path.open("rb") as plain:
        if plain.read(len(FILE_MARK)) == FILE_MARK:
            return False
        plain.seek(0)
        draft = path.with_name(f".{path.name}.sealing")
        with draft.open("wb") as sealed:
            draft.chmod(path.stat().st_mode & 0o777)
            cipher().seal_file(plain, sealed, context)
    draft.replace(path)
    return True
