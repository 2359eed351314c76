"""A job is never lost: its worker is killed in the middle of it, and it is done all the same, once."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from urllib.parse import quote

import pytest
from django.db import connection

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.activity.models import Notification
from tests.house import ROOT


class Mailman(socketserver.StreamRequestHandler):
    """A mail server that keeps its callers waiting until it is told to work."""

    def handle(self):
        self.server.calls += 1
        if self.server.is_silent:
            self.rfile.read()
            return
        self.wfile.write(b"220 ready\r\n")
        is_text = False
        for line in self.rfile:
            word = line.strip().upper()
            if is_text:
                self.server.letters += word == b"."
                is_text = word != b"."
                if is_text:
                    continue
            is_text = word == b"DATA"
            self.wfile.write(b"354 go on\r\n" if is_text else b"250 fine\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def post_office():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailman)
    server.daemon_threads = True
    server.calls, server.letters, server.is_silent = 0, 0, True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def start_worker(post_office, tmp_path):
    """Start a worker of its own process on the test's database."""
    place, started = connection.settings_dict, []

    def start():
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": f"postgresql://{place['USER']}:{quote(place['PASSWORD'])}@{quote(place['HOST'], safe='')}"
            f":{place['PORT'] or 5432}/{place['NAME']}",
            "PAVILLON_DATA": str(tmp_path),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(post_office.server_address[1]),
        }
        command = [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def wait_for(question, seconds=60):
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)


def state_of_job():
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'activity.send_notification'")
        return cursor.fetchone()[0]


@pytest.fixture
def empty_queue(transactional_db):
    """What other tests left in the queue, which a flush does not know, would be done first."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.mark.launch
def test_a_job_whose_worker_is_killed_is_done_by_the_next_one_and_once(empty_queue, post_office, start_worker):
    helene = User.objects.create_user("helene@pavillon.example", first_name="Hélène", last_name="Le Goff")
    (told,) = notify([helene], "activity.test_happened", title="Une demande attend")
    first = start_worker()
    wait_for(lambda: post_office.calls == 1)
    assert state_of_job() == "doing"
    first.send_signal(signal.SIGKILL)
    first.wait()
    with connection.cursor() as cursor:
        # Half a minute of silence, without waiting for it.
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    assert state_of_job() == "doing", "nobody knows yet that its worker is dead"
    post_office.is_silent = False
    start_worker()
    wait_for(lambda: Notification.objects.get(pk=told.pk).email_state == "sent")
    wait_for(lambda: state_of_job() == "succeeded")
    assert post_office.letters == 1
