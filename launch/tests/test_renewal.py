# mypy: ignore-errors
"""A new version takes over while people browse: no page is lost, and one that does not start changes nothing."""

import http.client
import os
import smtplib
import sys
import threading
import urllib.request
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from django.db import connection

from launch import journal, renewal
from launch.children import Children
from launch.errors import LaunchError
from launch.folders import ROOT
from launch.ports import free_port
from launch.probe import Probe, ask
from launch.processes import is_alive, myself
from launch.stamps import write_stamp
from launch.tests.conftest import wait_for

pytestmark = pytest.mark.launch


MIGRATES = Path("/proc/sys/net/ipv4/tcp_migrate_req")
# Where the kernel does not hand queued connections over, one that waits at the switch may break before any answer:
# whoever asked asks once more, as browsers and the proxy of the guide do.
TRIES = 1 if MIGRATES.exists() and MIGRATES.read_text().strip() == "1" else 2


class Visitor(threading.Thread):
    """Asks pages one after the other, each by a connection of its own, and remembers what went wrong."""

    def __init__(self, base):
        super().__init__(daemon=True)
        self.base, self.seen, self.wrong, self.must_stop = base, 0, [], False

    def run(self):
        while not self.must_stop:
            for page in ("/healthz", "/fr/status/"):
                self.look(page, TRIES)

    def look(self, page, tries):
        try:
            with urllib.request.urlopen(self.base + page, timeout=60) as answer:
                answer.read()
                self.seen += 1
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            if tries > 1 and isinstance(reason, ConnectionError):
                self.look(page, tries - 1)
            else:
                self.wrong.append(f"{page}: {error}")


@pytest.fixture
def children(db, tmp_path):
    parts = connection.get_connection_params()
    parts["host"] = quote(parts["host"], safe="")  # a folder, where the database is reached by a socket
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**{"port": 5432, **parts})
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PAVILLON_TEMPLATE_DB": parts["dbname"],
        "PAVILLON_DATA": str(tmp_path),
        "DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
    }
    made = Children(tmp_path, environment, tell=lambda text: None)
    (tmp_path / "run").mkdir()
    yield made
    made.stop()


@pytest.mark.covers("TECH-05")
def test_a_new_version_takes_over_without_an_error(children, tmp_path):
    port = free_port()
    command = [sys.executable, "-P", "-m", "granian", "--interface", "asgi", "--no-ws", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--workers-kill-timeout", "5", "config.asgi:application"]
    folder = renewal.ready_folder(tmp_path)
    web = children.start("web", command, extra={renewal.READY_FOLDER: str(folder)})
    wait_for(lambda: list(folder.iterdir()), 120, "the first web process")
    base = f"http://127.0.0.1:{port}"
    wait_for(lambda: ask(base) in ("", "reference_data"), 60, "its first answer")
    visitor = Visitor(base)
    visitor.start()
    first = web.process
    wait_for(lambda: visitor.seen > 3, 60, "the first pages")
    assert renewal.renew(tmp_path, lambda: None, [lambda: renewal.renew_web(children, web, tmp_path, 1)]) == ""
    assert web.process.pid != first.pid
    assert first.returncode is not None
    assert not folder.exists()
    before = visitor.seen
    wait_for(lambda: visitor.seen > before + 3, 60, "pages of the new version")

    # A version that does not start: the one before goes on, and says so.
    serving, good = web.process, web.command
    web.command = [sys.executable, "-c", "raise SystemExit(3)"]
    problem = renewal.renew(tmp_path, lambda: None, [lambda: renewal.renew_web(children, web, tmp_path, 1)])
    web.command = good
    assert "ended (code 3)" in problem
    assert web.process is serving
    before = visitor.seen
    wait_for(lambda: visitor.seen > before + 3, 60, "pages after a bad version")
    visitor.must_stop = True
    visitor.join(60)
    assert visitor.wrong == []
    assert psutil.pid_exists(serving.pid)
    events = (tmp_path / "continuity" / "events.jsonl").read_text().splitlines()
    assert len(events) == 1
    assert '"kind":"renewed"' in events[0]


def test_the_probe_tells_by_tls_or_not_at_all(tmp_path, monkeypatch, capsys):
    """With the settings that the platform's own mail takes."""
    told = []

    class Post:
        def __init__(self, kind):
            self.kind = kind

        def __call__(self, host, port, **more):
            told.append((self.kind, host, port))
            return self

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def __getattr__(self, name):
            return lambda *words, **more: told.append(name)

    monkeypatch.setattr(smtplib, "SMTP", Post("plain"))
    monkeypatch.setattr(smtplib, "SMTP_SSL", Post("tls"))
    for name, value in (("PAVILLON_ALERT_MAIL", "a@b.example"), ("SMTP_HOST", "mail.example"), ("SMTP_PORT", "465")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SMTP_USER", raising=False)
    probe = Probe("http://127.0.0.1:1", tmp_path, "outside")
    for tls, expected in (
        ("implicit", [("tls", "mail.example", 465), "send_message"]),
        ("1", [("plain", "mail.example", 465), "starttls", "send_message"]),
        ("", []),
    ):
        monkeypatch.setenv("SMTP_TLS", tls)
        told.clear()
        probe._tell("no_answer", journal.now())
        assert told == expected, tls
    assert "clear text" in capsys.readouterr().err


def test_the_probe_writes_while_nobody_answers(tmp_path):
    port = free_port()
    probe = Probe(f"http://127.0.0.1:{port}", tmp_path, "outside", every=1)
    running = threading.Thread(target=lambda: [probe.look() for _ in range(2)])
    running.start()
    running.join(60)
    lines = [line for path in tmp_path.glob("probe-outside-*.jsonl") for line in path.read_text().splitlines()]
    assert len(lines) == 2
    assert all('"up":false' in line and '"reason":"no_answer"' in line and '"every":2' in line for line in lines)


def test_a_number_that_was_given_again_is_not_signalled(tmp_path, monkeypatch):
    """The stamp of a run that was killed names a number; whoever bears it now began at another time."""
    monkeypatch.setattr(renewal, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(renewal.os, "kill", lambda *_args: pytest.fail("somebody else was signalled"))
    write_stamp(tmp_path / "run" / "serve.json", myself() | {"began": myself()["began"] - 3600})
    with pytest.raises(LaunchError, match="No Pavillon runs"):
        renewal.reload([])
    assert is_alive(myself())
    known = myself()
    for gone in ({}, known | {"pid": 999_999_999}, known | {"boot": "another"}, {"pid": os.getpid()}):
        assert not is_alive(gone)
    # A clock that is set while Pavillon runs makes no other process of it.
    real = psutil.boot_time()
    monkeypatch.setattr(psutil._psplatform, "boot_time", lambda: real + 3600)
    assert is_alive(known)
