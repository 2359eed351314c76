"""The measured server, and visitors who ask it for pages over HTTP as a browser would."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from launch.folders import ROOT
from launch.ports import CONNECTIONS, free_port

_COST = re.compile(r"sql;dur=(\d+)")


@dataclass(frozen=True)
class Answer:
    """One answer. `seconds` from the first byte sent to the last received; `statements` None when it did not say."""

    status: int
    text: str
    seconds: float
    statements: int | None
    location: str = ""


@dataclass
class Visitor:
    """A browser without screen: one connection kept open, cookies, forms with their token."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        started = time.perf_counter()
        self._connection.request(method, path, body, {"Cookie": self.cookie, **headers})
        response = self._connection.getresponse()
        text = response.read().decode(errors="replace")
        seconds = time.perf_counter() - started
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        cost = _COST.search(response.headers.get("Server-Timing", ""))
        location = response.headers.get("Location", "")
        return Answer(response.status, text, seconds, int(cost[1]) if cost else None, location)

    def get(self, path: str, **headers: str) -> Answer:
        """A page that must be there. Raises RuntimeError for anything but 200."""
        answer = self.ask("GET", path, **headers)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status} {answer.location}: there is nothing to measure")
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form that must be accepted. Raises RuntimeError when it comes back."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        answer = self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded")
        if answer.status not in (302, 303):
            told = " ".join(re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)', answer.text))[:200]
            raise RuntimeError(f"{path} answered {answer.status}: the form was not accepted. {told}")
        return answer

    def sign_in(self, persona: str) -> "Visitor":
        """Come in by the entrance, with the address and the password of a demo account."""
        accounts = json.loads((Path(settings.DATA) / "demo-accounts.json").read_text())
        account = next(account for account in accounts if account["persona"] == persona)
        address = "/account/login/"
        self.get(address)
        self.post(address, login=account["email"], password=account["password"])
        return self


@contextmanager
def running_server(settings_module: str = "bench._settings", workers: str = "1") -> Iterator[int]:
    """The product on a free port of this machine, started as `pavillon serve` starts it. Gives the port."""
    _lift_budgets()
    port = free_port()
    log = Path(settings.DATA) / "log" / "bench-web.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings_module, "PORT": str(port)}
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", workers, "--workers-kill-timeout", "5", *CONNECTIONS),
        "bench._application:application",
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            _wait_until_it_answers(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


def _lift_budgets() -> None:
    """One visitor asks for more pages in a minute than anybody reads in a day: here nobody is held back for it."""
    from pavillon.vigilance.actions import change_limit
    from pavillon.vigilance.models import ReadingLimit

    much = {"hourly_rows": 100_000_000, "most_rows": 100_000_000, "weekly_records": 100_000_000}
    if not ReadingLimit.objects.in_force().filter(role="", organisation=None, **much).exists():
        habits = {"habit_factor": 1000, "habit_floor": 100_000_000}
        change_limit(role="", organisation=None, reason="Measuring", by=None, **much, **habits)


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            Visitor(port).get("/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The web server does not answer. Its last words:\n{log.read_text()[-2000:]}")
