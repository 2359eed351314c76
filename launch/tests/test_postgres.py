# mypy: ignore-errors
"""The embedded server survives what happens to servers. Real processes, real signals."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from launch.cluster import OWNER
from launch.folders import ROOT
from launch.postmaster import find_postmaster, read_pid_file
from launch.system_user import RunUser, can_reach
from launch.tests.conftest import wait_for

pytestmark = pytest.mark.launch

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")


def mode_of(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def write_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def count_rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_first_start_makes_a_guarded_database_and_last_user_stops_it(place):
    before = mode_of(place.data.parent)
    user = place.start_user()
    url = user.wait_until_ready()
    with psycopg.connect(url) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False, True)
        owner, encoding = connection.execute(
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding) FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
        assert (owner, encoding) == ("pavillon", "UTF8")
        extensions = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        assert extensions >= {"pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch"}
        assert connection.execute("SHOW fsync").fetchone()[0] == "on"

    cluster = place.cluster
    port = read_pid_file(cluster.folder).port
    for host in ("127.0.0.1", str(cluster.sockets)):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=host, port=port, user=OWNER, password="wrong", dbname="postgres")
    assert mode_of(cluster.credentials) == 0o600
    assert mode_of(cluster.sockets) == 0o700
    assert mode_of(cluster.folder) == 0o700
    assert cluster.folder not in cluster.sockets.parents
    assert mode_of(place.data.parent) == before

    assert user.leave() == "left True\n"
    assert place.postmaster is None
    assert place.keeper is None
    assert "database system is shut down" in place.log()


def test_starts_at_once_share_one_server(place):
    users = [place.start_user() for _ in range(3)]
    assert len({user.wait_until_ready() for user in users}) == 1
    assert place.log().count("database system is ready to accept connections") == 1
    pid = place.postmaster.pid
    assert users[0].leave() == "left False\n"
    users[1].kill()
    assert place.postmaster.pid == pid
    assert users[2].leave() == "left True\n"
    assert place.postmaster is None


def test_killed_server_is_started_again(place):
    user = place.start_user()
    url = user.wait_until_ready()
    write_a_row(url)
    killed = place.postmaster
    killed.send_signal(signal.SIGKILL)

    def answers_again():
        try:
            return place.postmaster and place.postmaster.pid != killed.pid and count_rows(url) == 1
        except psycopg.OperationalError:
            return False

    wait_for(answers_again, what="the return of the server")
    assert user.leave() == "left True\n"


def test_killed_keeper_is_replaced_and_the_server_adopted(place):
    first = place.start_user()
    url = first.wait_until_ready()
    pid, keeper = place.postmaster.pid, place.keeper
    keeper.send_signal(signal.SIGKILL)
    wait_for(lambda: not keeper.is_running() or keeper.status() == psutil.STATUS_ZOMBIE)
    second = place.start_user()
    assert second.wait_until_ready() == url
    assert place.postmaster.pid == pid
    assert first.leave() == "left False\n"
    # The last one leaves after its keeper was killed too: somebody still stops the server.
    keeper = place.keeper
    keeper.send_signal(signal.SIGKILL)
    wait_for(lambda: not keeper.is_running() or keeper.status() == psutil.STATUS_ZOMBIE)
    assert second.leave() == "left True\n"
    assert place.postmaster is None


def test_server_stops_when_its_only_user_is_killed(place):
    user = place.start_user()
    user.wait_until_ready()
    user.kill()
    wait_for(lambda: place.keeper is None and place.postmaster is None, what="the end of the unused server")
    assert "database system is shut down" in place.log()


@pytest.fixture
def innocent(place):
    """A process that has nothing to do with us, runs as the server's user and calls itself postgres."""
    started = []

    def start() -> subprocess.Popen:
        user = place.cluster.user.popen()
        started.append(subprocess.Popen(["postgres", "120"], executable=shutil.which("sleep"), cwd="/", **user))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_everything_killed_then_recovery_beside_an_innocent_with_the_old_pid(place, innocent):
    user = place.start_user()
    write_a_row(user.wait_until_ready())
    place.kill_everything()
    stranger = innocent()
    pid_file = place.cluster.folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    assert find_postmaster(place.cluster.folder, place.cluster.user.uid) is None

    again = place.start_user()
    assert count_rows(again.wait_until_ready()) == 1
    assert "database system was not properly shut down; automatic recovery in progress" in place.log()
    assert again.leave() == "left True\n"
    assert stranger.poll() is None


def test_recovery_longer_than_ten_seconds_is_waited_for_and_told(place):
    user = place.start_user()
    write_a_row(user.wait_until_ready())
    assert user.leave() == "left True\n"
    # A real recovery that takes its time: the archive answers each question after four seconds, with "no".
    cluster = place.cluster
    with (cluster.folder / "postgresql.auto.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 4; false'\n")
    (cluster.folder / "recovery.signal").touch()
    cluster.user.own(cluster.folder / "recovery.signal")

    again = place.start_user()
    assert count_rows(again.wait_until_ready()) == 1
    waited = [line for line in again.said if "the database is starting" in line]
    assert any(int(line.split("(")[1].split()[0]) >= 2 for line in waited), again.said
    assert again.leave() == "left True\n"


@as_root
def test_private_folder_of_root_stays_private(make_place):
    place = make_place(mode=0o700)
    user = place.start_user()
    user.wait_until_ready()
    assert mode_of(place.data) == 0o700
    assert place.data not in place.cluster.home.parents
    assert (place.data / "postgres.location").read_text().strip() == str(place.cluster.home)
    assert place.postmaster.uids().real == place.cluster.user.uid != 0
    assert user.leave() == "left True\n"


def pythons():
    """This Python, and the system's own when it is the same version: root's may be in his private home."""
    yield Path(sys.executable).resolve()
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    yield from (
        folder / version for folder in (Path("/usr/bin"), Path("/usr/local/bin")) if (folder / version).exists()
    )


@as_root
def test_ordinary_user_runs_the_server_as_oneself_and_root_leaves_it_his(make_place):
    entry = pwd.getpwnam("nobody")
    nobody = RunUser(entry.pw_uid, entry.pw_gid, entry.pw_name)
    python = next((path for path in pythons() if can_reach(nobody, path.parent)), None)
    if python is None or not can_reach(nobody, ROOT / "launch"):
        pytest.skip("this checkout or its Python is in a private folder")
    place = make_place(mode=0o700)
    os.chown(place.data, nobody.uid, nobody.gid)
    user = place.start_user(python=str(python), **nobody.popen())
    user.wait_until_ready()
    assert place.postmaster.uids().real == nobody.uid
    user.leave()
    root = place.start_user()
    root.wait_until_ready()
    assert place.postmaster.uids().real == nobody.uid
    root.leave()
    assert place.cluster.folder.stat().st_uid == nobody.uid


@as_root
def test_full_disk_is_said_with_the_remedy(make_place):
    place = make_place()
    script = f"""
        mount -t tmpfs -o size=40m,mode=0711 tmpfs {place.data} || exit 77
        exec {sys.executable} -c 'import sys; from pathlib import Path; from launch.postgres import Postgres
from launch.errors import LaunchError
try: Postgres(Path(sys.argv[1])).join()
except LaunchError as error: print(error)' {place.data}
    """
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode == 77 or "Operation not permitted" in done.stderr:
        pytest.skip("this machine does not let us mount a small disk")
    assert f"The disk that holds {place.data} is full" in done.stdout, done
    assert "PAVILLON_DATA=" in done.stdout
