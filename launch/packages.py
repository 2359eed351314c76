"""Packages that only a bench or one kind of test needs: in a folder of their own, installed when they are asked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch.errors import LaunchError
from launch.folders import ROOT, data_folder
from launch.locks import FileLock
from launch.progress import Say, step, warn
from launch.stamps import digest, read_stamp, write_stamp

# Published as source only; the others come as wheels.
SOURCE_ONLY = {"spark": ["pyspark"]}


def extra_packages(name: str, tell: Say = warn) -> Path:
    """A folder for PYTHONPATH with the packages of requirements/NAME.txt (pinned, hashes checked).

    Raises LaunchError when they cannot be installed.
    """
    lock = ROOT / "requirements" / f"{name}.txt"
    home = data_folder() / "packages" / name
    home.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home.with_suffix(".lock")) as held:
        held.take()
        wanted = f"{sys.version_info[0]}.{sys.version_info[1]} {digest(lock)}"
        if read_stamp(home / "stamp.json") != wanted:
            shutil.rmtree(home, ignore_errors=True)
            with step(f"Installing the packages of {lock.relative_to(ROOT)} (once)", tell):
                _install(lock, home, SOURCE_ONLY.get(name, []))
            write_stamp(home / "stamp.json", wanted)
    return home


def _install(lock: Path, home: Path, source_only: list[str]) -> None:
    choice = ["--only-binary", ":all:", *(word for package in source_only for word in ("--no-binary", package))]
    # A wheel that is made to be unpacked at once need not be compressed: half of the work, where jars weigh 400 MB.
    stored = home.with_suffix(".cfg")
    stored.write_text("[bdist_wheel]\ncompression = stored\n")
    environment = {"DIST_EXTRA_CONFIG": str(stored), **os.environ}
    words = ["install", "-q", "--no-deps", "--require-hashes", "--target", str(home), "-r", str(lock)]
    uv = shutil.which("uv")
    if uv:
        settings = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "UV_LINK_MODE": "copy", **environment}
        command = [uv, "pip", *words, "--python", sys.executable]
        if subprocess.run(command, cwd=ROOT, env=settings, check=False, capture_output=True).returncode == 0:
            return
    command = [sys.executable, "-m", "pip", *words, *choice, "--disable-pip-version-check"]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], capture_output=True, check=False)
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise LaunchError(
            f"The packages of {lock.relative_to(ROOT)} could not be installed (see pip's message above).",
            "check the network or pip's settings for your package index, then run the same command again.",
        )
