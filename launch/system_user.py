"""Which user runs the database server: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launch.errors import LaunchError

SYSTEM_USER = "pavillon-postgres"


@dataclass(frozen=True)
class RunUser:
    """The user of the server's processes. `is_other`: not the user who runs this command."""

    uid: int
    gid: int
    name: str

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def popen(self) -> dict[str, object]:
        """Arguments for `subprocess` that make a program run as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def server_user(cluster: Path) -> RunUser:
    """The user to run the server of this cluster: oneself, or for root an unprivileged one.

    Root that opens the cluster of an ordinary user keeps running it as that user,
    so that its owner can open it again.

    Raises LaunchError when the cluster belongs to somebody else, or no user can be made.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise LaunchError(
                f"The database in {cluster} belongs to another user (number {owner}).",
                "run as that user, or choose another folder: PAVILLON_DATA=/path/to/folder make run",
            )
        return _user(me)
    if owner:
        return _user(owner)
    try:
        return _named(SYSTEM_USER)
    except KeyError:
        _create_system_user()
        return _named(SYSTEM_USER)


def can_reach(user: RunUser, path: Path) -> bool:
    """Whether the user may enter this folder, by asking the kernel as that user."""
    if not user.is_other:
        return os.access(path, os.X_OK)
    test = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", str(path)],
        cwd="/",
        check=False,
        **user.popen(),  # type: ignore[call-overload]
    )
    return bool(test.returncode == 0)


def _user(uid: int) -> RunUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise LaunchError(
            f"User number {uid} has no name on this machine, and PostgreSQL needs one.",
            "run as a user listed in /etc/passwd.",
        ) from None
    return RunUser(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _named(name: str) -> RunUser:
    entry = pwd.getpwnam(name)
    return RunUser(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _create_system_user() -> None:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", SYSTEM_USER]
    elif shutil.which("adduser"):
        command = ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", SYSTEM_USER]
    else:
        command = []
    problem = "neither useradd nor adduser was found"
    if command:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        # Two first starts may both try: the second finds the user there.
        if made.returncode == 0 or _exists(SYSTEM_USER):
            return
        problem = made.stderr.strip()
    raise LaunchError(
        f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} could not be made: {problem}.",
        f"run as an ordinary user, or create the system user {SYSTEM_USER} by hand.",
    )


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
