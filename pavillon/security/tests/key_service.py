"""A real key service for tests: its own process, its own certificates, its own store."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from keyservice.certificates import make_certificates
from pavillon.security.remote import ServiceKey

ROOT = Path(__file__).resolve().parents[3]


class Service:
    def __init__(self, folder):
        self.store, self.certificates = folder / "store", folder / "certificates"
        make_certificates(self.certificates, host="127.0.0.1", clients=["platform"])
        self.process, self.port = None, 0
        self.run("init")

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    def run(self, *words):
        """One command at the key-holder's machine."""
        command = [sys.executable, "-m", "keyservice", words[0], "--store", str(self.store), *words[1:]]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    def start(self, *words):
        place = self.certificates
        self.process = subprocess.Popen(
            [sys.executable, "-m", "keyservice", "serve", "--store", str(self.store), "--port", str(self.port),
             "--certificate", str(place / "server.pem"), "--private-key", str(place / "server.key"),
             "--clients", str(place / "authority.pem"), *words],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(self.process.stdout.readline().rpartition(":")[2])
        return self

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process.stdout.close()
            self.process = None

    def coordinates(self, certificate="platform", authority=None):
        """What the platform's settings say of it."""
        place = self.certificates
        return {
            "url": self.url,
            "authority": str(authority or place / "authority.pem"),
            "certificate": str(place / f"{certificate}.pem"),
            "private_key": str(place / f"{certificate}.key"),
        }

    def key(self, **changes):
        return ServiceKey(**{**self.coordinates(), **changes})


@contextmanager
def running(folder, *words):
    service = Service(folder)
    try:
        yield service.start(*words)
    finally:
        service.stop()
