# mypy: ignore-errors
"""A Pavillon that a test starts as a person does, and hears."""

import http.client
import os
import re
import socket
import subprocess
import sys

import psutil

from launch.folders import ROOT
from launch.tests.conftest import wait_for


def descendants(process):
    return psutil.Process(process.pid).children(recursive=True)


def has_ended(process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def is_free(port) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Serve:
    """A `pavillon serve` of its own, on its own port, and everything it says."""

    def __init__(self, data, port, command=(sys.executable, "-P", "-m", "launch", "serve")):
        self.port = port
        kept_out = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOST", "SECRET_KEY", "PAVILLON_FROM_MAKE", "SMTP_PORT"}
        environment = {name: value for name, value in os.environ.items() if name not in kept_out}
        self.output = data / f"said-{len(list(data.glob('said-*')))}.log"
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                env={**environment, "PYTHONPATH": str(ROOT), "PAVILLON_DATA": str(data), "PORT": str(port)},
                cwd="/",
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self, seconds):
        def answer():
            assert self.process.poll() is None, self.said()
            return "Pavillon is ready" in self.said()

        wait_for(answer, seconds, f"readiness; it said:\n{self.said()}")

    def seconds(self) -> float:
        """How long the start took, as the launcher itself counts and prints it."""
        return float(re.search(r"Pavillon is ready after ([\d.]+) s", self.said())[1])

    def get(self, path) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        return connection.getresponse().status

    def answers(self) -> bool:
        try:
            return self.get("/healthz") == 200
        except OSError:
            return False
