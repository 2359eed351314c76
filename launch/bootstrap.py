"""From a bare Python to the command `pavillon`: the environment and its packages.

Runs before anything is installed, so it uses the standard library only. The
Makefile calls it: `python -m launch.bootstrap [--dev] COMMAND …` prepares the
environment, then becomes `.venv/bin/pavillon COMMAND …`.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch.errors import LaunchError, disk_is_full, explained
from launch.folders import MEGABYTE, ROOT
from launch.ports import check_port
from launch.progress import say, step
from launch.stamps import digest, read_stamp, write_stamp

ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "pavillon-installed.json"
COMMAND = ENVIRONMENT / "bin" / "pavillon"
LOCKS = {"base": ROOT / "requirements" / "base.txt", "dev": ROOT / "requirements" / "dev.txt"}
NEEDED_MEGABYTES = 1500

SCRIPT = """\
#!/bin/sh
# Written by launch/bootstrap.py: the command of this environment, wherever it is called from.
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -P -m launch "$@"
"""


def prepare(*, dev: bool) -> None:
    """Make the environment and install the locked packages, unless that was done for the same locks.

    The environment grows from `base` (to run) to `dev` (to test) and never shrinks back.
    Raises LaunchError with the remedy when Python lacks a part or the disk is full.
    """
    wanted = {name: digest(path) for name, path in LOCKS.items()}
    version = ".".join(map(str, sys.version_info[:2]))
    done = read_stamp(STAMP) or {}
    usable = PYTHON.exists() and done.get("root") == str(ROOT) and done.get("python") == version
    kind = "dev" if dev or done.get("kind") == "dev" else "base"
    if usable and COMMAND.exists() and done.get("kind") == kind and done.get("locks") == wanted:
        return
    free = shutil.disk_usage(ROOT).free // MEGABYTE
    if not usable and free < NEEDED_MEGABYTES:
        raise disk_is_full(ROOT, f"{free} MB free, {NEEDED_MEGABYTES} MB needed to install")
    uv = _working_uv()
    if not usable:
        _make_environment(with_pip=uv is None)
    # An interrupted installation goes on in the same environment.
    write_stamp(STAMP, {"root": str(ROOT), "python": version})
    with step(f"Installing the Python packages of requirements/{kind}.txt (pinned, hashes checked)"):
        _install(LOCKS[kind], uv)
    _install_command()
    write_stamp(STAMP, {"root": str(ROOT), "python": version, "kind": kind, "locks": wanted})


def _working_uv() -> str | None:
    """uv, if the machine has it already: the same packages in a tenth of the time."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:
        return uv
    return None


def _make_environment(*, with_pip: bool) -> None:
    import venv

    if with_pip and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise LaunchError(
            f"{sys.executable} has no `ensurepip`, so it cannot make an environment.",
            f"on Debian or Ubuntu: apt install python{version}-venv (as root); then run this command again.",
        )
    if ENVIRONMENT.is_symlink():
        # It points to another folder's environment, perhaps in use: cleared through the link, that one would be gone.
        ENVIRONMENT.unlink()
    with step(f"Creating the Python environment {ENVIRONMENT} with Python {sys.version.split()[0]}"):
        venv.EnvBuilder(clear=True, with_pip=with_pip, symlinks=True, prompt="pavillon").create(ENVIRONMENT)


def _install(lock: Path, uv: str | None) -> None:
    common = ["install", "-qq", "--require-hashes", "-r", str(lock)]
    if uv:
        # Trust what the machine trusts (two names for old and new versions); copy when the cache is on another disk.
        settings = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "UV_LINK_MODE": "copy", **os.environ}
        done = subprocess.run([uv, "pip", *common, "--python", str(PYTHON)], cwd=ROOT, env=settings, check=False)
        if done.returncode == 0:
            return
        say("  uv could not install them; trying pip")
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        subprocess.run([PYTHON, "-m", "ensurepip", "--default-pip"], capture_output=True, check=False)
    # `--only-binary`: a source package would run foreign code and need a compiler.
    done = subprocess.run(
        [PYTHON, "-m", "pip", *common, "--disable-pip-version-check", "--only-binary", ":all:"], cwd=ROOT, check=False
    )
    if done.returncode:
        free = shutil.disk_usage(ROOT).free // MEGABYTE
        if free < 100:
            raise disk_is_full(ROOT, f"{free} MB free")
        raise LaunchError(
            "The Python packages could not be installed (see pip's message above).",
            "check the network or pip's settings for your package index, then run the same command again.",
        )


def _install_command() -> None:
    """Put `pavillon` beside `python`, and the repository on the environment's path."""
    found = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    Path(found.stdout.strip(), "pavillon.pth").write_text(f"{ROOT}\n")
    COMMAND.write_text(SCRIPT)
    COMMAND.chmod(0o755)


def main(arguments: list[str]) -> int:
    if os.environ.get("PAVILLON_FROM_MAKE"):
        # Remembered before the long work: what runs in its place can still see that `make` was ended.
        os.environ["PAVILLON_FROM_MAKE"] = str(os.getppid())
    dev = "--dev" in arguments
    arguments = [word for word in arguments if word != "--dev"]
    try:
        if arguments[:1] == ["serve"]:
            # Said before the long work, not after it.
            check_port()
        prepare(dev=dev)
    except (LaunchError, OSError) as error:
        known = error if isinstance(error, LaunchError) else explained(error)
        if known is None:
            raise
        print(f"\n{known}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if arguments:
        os.environ["PYTHONUNBUFFERED"] = "1"
        os.execv(PYTHON, [str(PYTHON), "-P", "-m", "launch", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
