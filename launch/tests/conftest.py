# mypy: ignore-errors
"""A data folder for a real server, users of it in processes of their own, and a clean end whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from launch.cluster import open_cluster
from launch.folders import ROOT
from launch.postmaster import find_postmaster, has_ended

USER = """
import sys
from pathlib import Path
from launch.errors import LaunchError
from launch.postgres import Postgres
try:
    server = Postgres(Path(sys.argv[1]), tell=lambda text: print("say", text, flush=True)).join()
except LaunchError as error:
    print("error", error, flush=True)
    raise SystemExit(1)
print("ready", server.url, flush=True)
sys.stdin.read()
server.leave()
print("left", server.wait_until_stopped(), flush=True)
"""


class User:
    """A process that uses the server until it is told to leave, or killed."""

    def __init__(self, data: Path, python: str = sys.executable, **popen):
        packages = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
        self.process = subprocess.Popen(
            [python, "-c", USER, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(packages)},
            cwd="/",
            **popen,
        )
        self.said: list[str] = []

    def wait_until_ready(self) -> str:
        """The connection address."""
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("ready "):
                return line.split()[1]
        raise AssertionError("".join(self.said))

    def leave(self) -> str:
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.process.wait(60)
        return rest

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


def wait_for(condition, seconds: float = 90, what: str = "the condition"):
    """The first true value of `condition`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true within {seconds} s")


class Place:
    """A data folder, and a look at the processes that work for it."""

    def __init__(self, data: Path):
        self.data = data
        self.users: list[User] = []

    @property
    def cluster(self):
        return open_cluster(self.data)

    def start_user(self, **popen) -> User:
        user = User(self.data, **popen)
        self.users.append(user)
        return user

    @property
    def postmaster(self):
        return find_postmaster(self.cluster.folder, self.cluster.user.uid)

    @property
    def keeper(self):
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or []
            if "launch.keeper" in command and str(self.data) in command:
                return process
        return None

    def kill_everything(self) -> None:
        """What a power cut of the processes looks like: none of them may say goodbye."""
        postmaster, keeper = self.postmaster, self.keeper
        for process in (keeper, postmaster):
            if process:
                process.send_signal(signal.SIGKILL)
        for user in self.users:
            user.kill()
        for process in (keeper, postmaster):
            if process:
                wait_for(lambda process=process: has_ended(process), what="the end of a killed process")

    def log(self) -> str:
        return self.cluster.log.read_text()

    def clean(self) -> None:
        for user in self.users:
            if user.process.poll() is None:
                user.kill()
        for process in (self.keeper, self.postmaster):
            if process:
                # It may end by itself while it is asked.
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGQUIT if "postgres" in process.name() else signal.SIGKILL)
                wait_for(lambda process=process: has_ended(process))
        cluster = self.cluster
        for folder in (cluster.sockets, cluster.home, self.data):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_place():
    """Make data folders; below /tmp, so that the server's own user may pass through as root's tests need."""
    places: list[Place] = []

    def make(mode: int = 0o711) -> Place:
        folder = Path(tempfile.mkdtemp(prefix="pavillon-launch-", dir="/tmp")).resolve()
        folder.chmod(mode)
        places.append(Place(folder))
        return places[-1]

    yield make
    for place in places:
        place.clean()


@pytest.fixture
def place(make_place) -> Place:
    return make_place()
