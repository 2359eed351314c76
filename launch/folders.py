"""Where things are: the repository, its environment, the data folder."""

import hashlib
import os
import shutil
from pathlib import Path

from launch.errors import LaunchError, disk_is_full

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


def data_folder() -> Path:
    """The folder of this instance's data: PAVILLON_DATA, or `.data` in the repository."""
    chosen = os.environ.get("PAVILLON_DATA")
    return (Path(chosen).expanduser() if chosen else ROOT / ".data").resolve()


def open_data_folder(folder: Path, *, free_megabytes: int = 64) -> Path:
    """Create the data folder if it is missing, and check that one can write there.

    For root the folder can be passed through (0711) because the database server
    runs as another user below it; every secret in it is a 0600 file. An ordinary
    user keeps it to oneself (0700). An existing folder keeps its permissions.

    Raises LaunchError when it cannot be created, written to, or the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    except (FileExistsError, NotADirectoryError):
        raise LaunchError(
            f"{folder} cannot be a folder: a file stands in its path.",
            "choose another folder: PAVILLON_DATA=/path/to/folder make run",
        ) from None
    except FileNotFoundError:
        raise LaunchError(
            f"{folder} cannot be made there.", "choose another folder: PAVILLON_DATA=/path/to/folder make run"
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        owner = folder.stat().st_uid
        raise LaunchError(
            f"The data folder {folder} belongs to user number {owner} and may not be written by this user.",
            "run as that user, or choose another folder: PAVILLON_DATA=/path/to/folder make run",
        )
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < free_megabytes:
        raise disk_is_full(folder, f"{free} MB free, {free_megabytes} MB needed")
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def fingerprint(path: Path) -> str:
    """A short name for a path, the same at each start."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
