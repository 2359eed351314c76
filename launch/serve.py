"""`make run`: from an installed environment to a running, ready product, and back to silence."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from launch import renewal
from launch.assets import build_assets
from launch.children import Child, Children
from launch.cluster import open_cluster
from launch.errors import LaunchError
from launch.folders import ROOT, data_folder, open_data_folder
from launch.locks import FileLock
from launch.messages import compile_messages
from launch.ports import CONNECTIONS, check_port, free_port, neighbour_port, web_address
from launch.preparation import is_prepared, owes_erasures
from launch.processes import myself
from launch.progress import say
from launch.replication import write_state
from launch.rooms import MANAGE, has_command
from launch.sites import KEY_FILE
from launch.stamps import read_stamp, write_stamp
from launch.surroundings import Surroundings, open_surroundings

FIRST_START_MEGABYTES = 700
LATER_START_MEGABYTES = 64
DEATHS_BEFORE_READY = 5
FOLLOWERS_SECONDS = 30.0


def serve() -> int:
    """Run the product until Ctrl-C. Returns the exit code."""
    check_port()
    data = data_folder()
    first = not (data / "database.json").exists()
    open_data_folder(data, free_megabytes=FIRST_START_MEGABYTES if first else LATER_START_MEGABYTES)
    (data / "run").mkdir(exist_ok=True)
    with FileLock(data / "run" / "serve.lock") as lock:
        if not lock.try_take():
            raise _already_running(data)
        return Run(data).run()


def _already_running(data: Path) -> LaunchError:
    about = read_stamp(data / "run" / "serve.json") or {}
    return LaunchError(
        f"Pavillon already runs from the data folder {data}: {about.get('url', '')} (process {about.get('pid', '?')}).",
        "use that one, stop it with Ctrl-C, or choose another data folder: PAVILLON_DATA=/path PORT=8001 make run",
    )


class Interrupted(BaseException):
    """Ctrl-C, or a polite request to end."""


class Run:
    """One run of the product: web server, worker and, for the demo, its mailbox."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.host, self.port = web_address()
        self.visible_host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::1", "::") else self.host  # noqa: S104
        self.url = f"http://{self.visible_host}:{self.port}"
        self.started = time.monotonic()
        # Under `make`: the process that waits for us, as the bootstrap found it (1: nobody looked before us).
        waiting = int(os.environ.get("PAVILLON_FROM_MAKE") or 0)
        self.waiting = os.getppid() if waiting == 1 else waiting
        self.around: Surroundings | None = None
        self.children: Children | None = None
        self.web: Child | None = None
        self.worker: Child | None = None
        self.copies: Child | None = None
        self.has_prepared = False
        self.must_renew = False

    def run(self) -> int:
        for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(order, self._interrupt)
        signal.signal(renewal.ORDER, self._ask_to_renew)
        write_stamp(self.data / "run" / "serve.json", {**myself(), "url": self.url})
        try:
            if self.waiting:
                threading.Thread(target=self._watch_make, daemon=True).start()
            self._start()
            self._keep_running()
        except Interrupted:
            return 0
        finally:
            for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(order, signal.SIG_IGN)
            self._stop()
        return 0

    def _start(self) -> None:
        refuse_standby(self.data)
        self.around = open_surroundings(data=self.data, tell=say)
        environment = self.around.environment()
        environment["PORT"] = str(self.port)
        environment.setdefault("SMTP_PORT", str(free_port()))
        environment.setdefault("MAIL_COPY_PORT", str(neighbour_port(self.port)))
        environment.setdefault("PAVILLON_BASE_URL", self.url)
        self.children = Children(self.data, environment)
        self.children.end_leftovers()
        compile_messages()
        build_assets()
        is_ready = is_prepared(self.around.url) and (self.data / "demo-accounts.json").exists()
        if not is_ready or owes_erasures(self.around.url, self.data):
            self._prepare()
        self.children.start("mailbox", [sys.executable, "-P", "-m", "pavillon.activity.mailbox"])
        extra = {renewal.READY_FOLDER: str(renewal.ready_folder(self.data))}
        self.web = self.children.start("web", self._web_command(environment), extra=extra)
        # A killed worker loses nothing (its jobs are put back); asked gently while its database also goes, it lingers.
        self.worker = self.children.start("worker", worker_command(), death_signal=signal.SIGKILL)
        self._wait_until_ready()
        # Its start costs what a web process does, and nobody waits for it.
        self.copies = self.children.start("copies", [sys.executable, "-P", "-m", "pavillon.correspondence.receiver"])
        self.children.start("probe", self._probe_command())
        self._welcome()

    def _prepare(self) -> None:
        assert self.children is not None
        self.has_prepared = True
        command = [sys.executable, "-m", "launch.preparation"]
        done = subprocess.run(command, cwd=ROOT, env=self.children.environment, check=False)
        if done.returncode:
            raise LaunchError("The database could not be prepared (see above).", "correct what is said above.")

    def _web_command(self, environment: dict[str, str]) -> list[str]:
        return [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws"),
            *("--host", self.host, "--port", str(self.port)),
            *("--workers", environment.get("WEB_WORKERS", "1"), "--workers-kill-timeout", "5"),
            *CONNECTIONS,
            "config.asgi:application",
        ]

    def _probe_command(self) -> list[str]:
        host = "127.0.0.1" if self.visible_host == "localhost" else self.host
        journal = str(self.data / "continuity")
        words = ["--url", f"http://{host}:{self.port}", "--journal", journal, "--name", "beside"]
        return [sys.executable, "-P", "-m", "launch.probe", *words]

    def _wait_until_ready(self) -> None:
        assert self.children is not None
        told_at = time.monotonic()
        while True:
            ready, answer = self._ask_readyz()
            if ready:
                return
            if not self.has_prepared and ('"migrations": false' in answer or '"reference_data": false' in answer):
                # Somebody changed the database since we prepared it.
                self._prepare()
            self._look_around()
            for child in self.children.children:
                if child.failures >= DEATHS_BEFORE_READY:
                    raise LaunchError(
                        f"The {child.name} process does not stay alive. Its last words:\n"
                        f"  {self.children.last_words(child.name, 25)}",
                        "correct what it says and start again.",
                    )
            if time.monotonic() - told_at > 8:
                told_at = time.monotonic()
                say(f"  not ready yet ({time.monotonic() - self.started:.0f} s): {answer}")
            time.sleep(0.1)

    def _ask_readyz(self) -> tuple[bool, str]:
        host = "127.0.0.1" if self.visible_host == "localhost" else self.host
        connection = http.client.HTTPConnection(host, self.port, timeout=10)
        try:
            connection.request("GET", "/readyz", headers={"Host": f"localhost:{self.port}"})
            response = connection.getresponse()
            return response.status == 200, response.read(500).decode(errors="replace").replace("\n", " ")
        except (OSError, http.client.HTTPException) as error:
            return False, f"the web server does not answer yet ({error})"
        finally:
            connection.close()

    def _welcome(self) -> None:
        say(f"\nPavillon is ready after {time.monotonic() - self.started:.1f} s:\n\n  {self.url}/\n")
        accounts = self.data / "demo-accounts.json"
        if accounts.exists():
            say(accounts_table(json.loads(accounts.read_text()), self.url))
            say(f"\nThe same table: {accounts}")
        say(f"Logs: {self.data / 'log'}   Stop: Ctrl-C")

    def _keep_running(self) -> None:
        asked_at = 0.0
        while True:
            time.sleep(0.5)
            self._look_around()
            self._archive()
            if time.monotonic() - asked_at > FOLLOWERS_SECONDS:
                asked_at = time.monotonic()
                self._note_followers()
            if self.must_renew:
                self.must_renew = False
                self._renew()

    def _look_around(self) -> None:
        """Called twice a second: children alive, database watched."""
        assert self.children is not None
        self.children.look_after()
        if self.around and self.around.server:
            self.around.server.keep()

    def _archive(self) -> None:
        """Once there was a backup: copy the database's log to the sites, so that any moment since can be restored."""
        assert self.children is not None
        is_there = any(child.name == "archive" for child in self.children.children)
        if not is_there and self.around and self.around.server and (self.data / KEY_FILE).exists():
            self.children.start("archive", [sys.executable, "-P", "-m", "launch.archive", str(self.data)])

    def _note_followers(self) -> None:
        """Which second site follows, where the pages can read it: the application's role may not ask."""
        if self.around and self.around.server:
            with suppress(psycopg.Error, OSError):
                write_state(self.data, self.around.server.owner_url)

    def _ask_to_renew(self, *received: object) -> None:
        self.must_renew = True

    def _renew(self) -> None:
        """Serve the code that is on the disk now (`pavillon reload`)."""
        assert self.children is not None
        assert self.around is not None
        assert self.web is not None
        assert self.worker is not None
        assert self.copies is not None
        children, around, web, worker, copies = self.children, self.around, self.web, self.worker, self.copies
        workers = int(children.environment.get("WEB_WORKERS", "1"))

        def prepare() -> None:
            compile_messages()
            build_assets()
            if not is_prepared(around.url):
                self._prepare()

        problem = renewal.renew(
            self.data,
            prepare,
            [
                lambda: renewal.renew_web(children, web, self.data, workers),
                lambda: renewal.renew_worker(children, worker),
                # A mail that comes in the second between the two waits at its server.
                lambda: children.start_again(copies),
            ],
        )
        say(f"! {problem} The version before goes on." if problem else "· Renewed, without a stop.")

    def _watch_make(self) -> None:
        """A killed `make` cannot tell us anything; its death can be seen, in the middle of the preparation too."""
        while os.getppid() == self.waiting:
            time.sleep(0.5)
        say("`make` was ended: stopping.")
        os.kill(os.getpid(), signal.SIGTERM)

    def _interrupt(self, *received: object) -> None:
        raise Interrupted

    def _stop(self) -> None:
        if self.children is not None:
            say("\nStopping …")
            self.children.stop()
        server = self.around.server if self.around else None
        if server is not None:
            server.leave()
            if not server.wait_until_stopped():
                say("The database stays up: another command uses it.")
        (self.data / "run" / "serve.json").unlink(missing_ok=True)
        if self.children is not None:
            say("Stopped.")


def refuse_standby(data: Path) -> None:
    """A folder that follows another site takes no writes: serving from it would only look right."""
    if not os.environ.get("DATABASE_URL") and open_cluster(data).is_standby:
        raise LaunchError(
            f"The data folder {data} follows another site.",
            "let this site lead first, if the other one is gone: pavillon promote (docs/how-to/fail-over.md).",
        )


def worker_command() -> list[str]:
    """The job worker: the product's own command when there is one."""
    if has_command("work"):
        return [*MANAGE, "work"]
    # The code's own checks are the suite's to make, not each start's.
    words = ["--skip-checks", "worker", "--concurrency", "4", "--shutdown-graceful-timeout", "10"]
    return [*MANAGE, "procrastinate", *words]


def accounts_table(accounts: list[dict[str, str]], url: str) -> str:
    """The demo accounts in columns, one line each."""
    titles = {
        "persona": "Persona",
        "name": "Name",
        "email": "E-mail",
        "password": "Password",
        "start_page": "Start page",
    }
    rows = [list(titles.values())]
    for account in accounts:
        row = [str(account.get(column, "") or "") for column in titles]
        row[-1] = url + row[-1] if row[-1].startswith("/") else row[-1]
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(titles))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(f"  {line}" for line in ["Demo accounts", "", *lines])
