"""A running Pavillon of its own, as `make run` starts it: database, web server, worker and mailbox, with the demo."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from launch.ports import free_port
from launch.tests import first_start
from launch.tests.conftest import Place

ROOT = Path(__file__).resolve().parent.parent.parent
# What a run under `make` hands down and the house must not inherit.
NOT_OURS = {
    "PAVILLON_FROM_MAKE",
    "SMTP_PORT",
    "SECRET_KEY",
    "PAVILLON_BASE_URL",
    "PAVILLON_MASTER_KEY_FILE",
    "HOST",
    "DATABASE_URL",
    "PAVILLON_TEST_PROCESS",
}
PATIENCE = 420.0


@dataclass
class House:
    """Where it is reached, and who lives in it: `people` maps a persona to its demo account."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    people: dict[str, dict[str, str]] = field(default_factory=dict)

    def verify(self) -> None:
        """What an auditor runs: every line of every log is the one that the application wrote."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "launch", "verify"],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def words(self) -> str:
        """The end of each log, for the report of a failure."""
        logs = sorted((self.data / "log").glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-2500:]}" for log in logs)


@contextmanager
def open_house() -> Iterator[House]:
    """A Pavillon that was started once before, in a folder of its own."""
    # The database's own user passes through.
    place = Place(Path(tempfile.mkdtemp(prefix="pavillon-story-", dir="/tmp")).resolve())
    place.data.chmod(0o711)
    try:
        first_start.begin(place)
        with _served(place.data) as house:
            yield house
    finally:
        place.clean()


@contextmanager
def _served(data: Path) -> Iterator[House]:
    port = free_port()
    environment = _environment(data) | {"PORT": str(port)}
    said = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "launch", "serve"],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    house = House(url=f"http://localhost:{port}", data=data, process=process, environment=environment)
    try:
        _wait_until_ready(house)
        accounts = json.loads((data / "demo-accounts.json").read_text())
        house.people = {account["persona"]: account for account in accounts}
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.close()
    assert process.returncode == 0, "a polite request ends it politely"


def _wait_until_ready(house: House) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = (house.data / "serve.log").read_text(errors="replace")
        assert house.process.poll() is None, f"`pavillon serve` ended:\n{said[-3000:]}\n{house.words()}"
        try:
            with urllib.request.urlopen(f"{house.url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"Not ready after {PATIENCE:.0f} s:\n{said[-3000:]}\n{house.words()}")


def _environment(data: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PAVILLON_DATA": str(data),
        "PYTHONPATH": str(ROOT),
    }
