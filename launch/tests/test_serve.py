# mypy: ignore-errors
"""`make run`, lived through: servers killed, kill -9, the next start, `make` killed. A real server, no shortcuts."""

import os
import socket
import subprocess
import sys

import psutil
import pytest

from launch.folders import ROOT
from launch.ports import free_port
from launch.serve import accounts_table
from launch.tests import first_start
from launch.tests.conftest import wait_for
from launch.tests.running import Serve, descendants, has_ended, is_free

pytestmark = pytest.mark.launch


def web_server(serve):
    """The main process of the running web server, or None."""
    for child in psutil.Process(serve.process.pid).children():
        try:
            if "granian" in child.cmdline():
                return child
        except psutil.Error:
            continue
    return None


def test_a_day_in_the_life_of_make_run(make_place):
    place = make_place()
    port = free_port()
    # What the first start says and does, and how it ends by Ctrl-C, is asked where it is made.
    first = first_start.begin(place)
    serve = Serve(place.data, port)
    serve.wait_until_ready(120)
    assert "Building the tables" not in serve.said(), "nothing was prepared twice"
    # Ten seconds on an idle machine; a loaded one is measured by its own first start.
    assert serve.seconds() <= max(10, first / 4)

    # A killed web server comes back on the same port.
    web = web_server(serve)
    web.kill()
    wait_for(lambda: has_ended(web) and web_server(serve) and serve.answers(), 60, "the return of the web server")

    # So does a killed database; meanwhile the pages say that it is away.
    place.postmaster.kill()
    answers = set()

    def is_back():
        answers.add(serve.get("/fr/about-the-data/"))
        return serve.get("/readyz") == 200 and serve.get("/fr/about-the-data/") == 200

    wait_for(is_back, 90, "the return of the database")
    assert answers <= {200, 503}

    # kill -9: the children go, the database stops by itself, and nothing hinders the next start.
    left = descendants(serve.process)
    assert len(left) >= 3
    serve.process.kill()
    serve.process.wait()
    for process in left:
        wait_for(lambda process=process: has_ended(process), 60, f"the end of {process}")
    bootstrap = f"BOOTSTRAP={sys.executable} -P -m launch"  # this environment, as it is
    made = Serve(place.data, port, ("make", "--no-print-directory", "-C", str(ROOT), "run", bootstrap))
    made.wait_until_ready(120)
    assert "Building the tables" not in made.said(), "nothing was prepared twice"

    # `make run` itself killed: what it started sees that nobody waits any more, and ends, the database included.
    everything = descendants(made.process)
    assert len(everything) >= 4
    made.process.kill()
    made.process.wait()
    for process in everything:
        wait_for(lambda process=process: has_ended(process), 60, f"the end of {process}")
    assert place.postmaster is None
    assert place.keeper is None
    assert is_free(port)

    # Nobody else on the machine reads a password, a key, a letter or a log.
    private = ["demo-accounts.json", "database.json", "secret-key", "keys", "keys/master.key", "log", "mailbox"]
    open_ones = [
        name for name in private if (place.data / name).exists() and (place.data / name).stat().st_mode & 0o077
    ]
    assert not open_ones
    assert sum((place.data / name).exists() for name in private) >= 6


def test_the_end_of_make_is_seen_in_the_middle_of_the_preparation(tmp_path):
    """`make` was killed while packages were installed or the demo planted: nobody waits, so nothing is kept."""
    preparing = """
import sys, time
from pathlib import Path
from launch.serve import Run

run = Run(Path(sys.argv[1]))
run._start = lambda: time.sleep(600)
sys.exit(run.run())
"""
    (tmp_path / "run").mkdir()
    done = subprocess.run(
        [sys.executable, "-P", "-c", preparing, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PAVILLON_FROM_MAKE": "2147483647"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "`make` was ended: stopping." in done.stdout
    assert not (tmp_path / "run" / "serve.json").exists()


@pytest.mark.parametrize(
    ("folder", "said"), [("/dev/null/x", "a file stands in its path"), ("/proc/nowhere", "PAVILLON_DATA=")]
)
def test_a_folder_that_cannot_be_is_said_in_a_sentence(folder, said):
    done = subprocess.run(
        [sys.executable, "-P", "-m", "launch", "serve"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PAVILLON_DATA": folder, "PORT": str(free_port())},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "What to do:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("door", ["launch.bootstrap", "launch"])
def test_a_taken_port_is_said_before_any_work(tmp_path, door):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", door, "serve"],
            env={**os.environ, "PORT": str(port), "PAVILLON_DATA": str(tmp_path / "data")},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 is taken" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert not (tmp_path / "data").exists()


def test_accounts_are_shown_in_columns():
    accounts = [
        {"persona": "adviser", "name": "Hélène", "email": "h@x.example", "password": "p", "start_page": "/desk/"},
        {"persona": "buyer", "name": "Tom", "email": "tom@long.example", "password": "p", "start_page": "/fr/"},
    ]
    lines = accounts_table(accounts, "http://localhost:8000").splitlines()
    columns = {line.index("http") for line in lines if "http" in line}
    assert len(columns) == 1
    assert "http://localhost:8000/desk/" in lines[-2]
