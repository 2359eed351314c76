"""The one error the launcher shows to people: what happened, and what to do."""

import errno


class LaunchError(Exception):
    """Something a person can repair. `remedy` is the sentence that says how."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n  What to do: {self.remedy}" if self.remedy else self.problem


def disk_is_full(where: object, missing: str = "") -> LaunchError:
    """The error for a full disk: says which folder, and how to use another one."""
    return LaunchError(
        f"The disk that holds {where} is full{f' ({missing})' if missing else ''}.",
        "free some space, or choose a folder on another disk: PAVILLON_DATA=/path/to/folder make run",
    )


def explained(error: OSError) -> LaunchError | None:
    """Turn the operating system's errors that people meet into sentences, or None for the others."""
    where = error.filename or "the data folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_is_full(where)
    if error.errno in (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
        return LaunchError(
            f"{where} is no folder that can be made ({error.strerror}).",
            "choose another folder: PAVILLON_DATA=/path/to/folder make run",
        )
    if error.errno == errno.EROFS:
        return LaunchError(
            f"{where} is on a read-only disk.", "choose a folder you may write to: PAVILLON_DATA=/path make run"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return LaunchError(
            f"{where} may not be opened by this user.",
            "run as the user who owns it, or choose another folder: PAVILLON_DATA=/path make run",
        )
    return None
