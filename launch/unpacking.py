"""Files out of a tar archive, and nothing else: the same on every Python 3.11."""

import os
import tarfile
from pathlib import Path


def unpack(archive: tarfile.TarFile, into: Path) -> None:
    """Files, folders and links that stay inside of `into`, owned by who unpacks them.

    Python does it by itself from 3.11.4 on; systems keep older ones for years, that of Debian 12 for example.
    Raises tarfile.TarError for a member that would land or point outside, a device, or another special file.
    """
    if hasattr(tarfile, "data_filter"):
        archive.extractall(into, filter="data")
        return
    home = into.resolve()
    for member in archive:
        place = (home / member.name).resolve()
        inside = place.is_relative_to(home)
        if member.issym():
            inside &= (place.parent / member.linkname).resolve().is_relative_to(home)
        elif not (member.isreg() or member.isdir()):
            inside = False
        if not inside:
            raise tarfile.ExtractError(f"{member.name} would not be a file inside of {into}.")
        member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        member.mode = 0o700 if member.isdir() else member.mode & 0o755 | 0o600
        archive.extract(member, home)
