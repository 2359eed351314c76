"""`pavillon standby` and `pavillon promote`: a second site that follows the first, and takes over when it is lost."""

import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from launch import journal
from launch.cluster import OWNER, Cluster, open_cluster
from launch.errors import LaunchError
from launch.folders import open_data_folder
from launch.postgres import Postgres
from launch.progress import Say, say, step
from launch.replication import NAME
from launch.surroundings import Surroundings
from launch.vault import connection_environment, run_tool

HOW_TO = "see docs/how-to/fail-over.md"


def follow(data: Path, first: str, *, tell: Say = say) -> Postgres:
    """Make this data folder a copy of the server at `first` (host:port) if it holds none yet; start it as its standby.

    `database.json` of the first site must lie in the folder: the copy has the same passwords. Raises LaunchError.
    """
    open_data_folder(data)
    cluster = open_cluster(data)
    if not cluster.credentials.exists():
        raise LaunchError(
            f"{cluster.credentials} is missing: the copy will have the first site's passwords.",
            f"bring database.json, secret-key and keys/ of the first site by a way you trust ({HOW_TO}).",
        )
    if not (cluster.folder / "PG_VERSION").exists():
        with step("Copying the first site's database", tell):
            _copy(cluster, first)
    elif not cluster.is_standby:
        raise LaunchError(
            f"{cluster.folder} is a database of its own, not a standby.",
            f"move {cluster.home} away: the copy is made anew ({HOW_TO}).",
        )
    return Postgres(data, tell=tell).join()


def _copy(cluster: Cluster, first: str) -> None:
    host, _, port = first.rpartition(":")
    password = quote(cluster.read_credentials()["owner_password"])
    url = f"postgresql://{OWNER}:{password}@{host or '127.0.0.1'}:{port}/postgres"
    draft = cluster.home / "data.copy"
    shutil.rmtree(draft, ignore_errors=True)
    environment = connection_environment(url)
    with psycopg.connect(url, autocommit=True) as connection:
        _make_slot(connection)
    run_tool(
        "pg_basebackup",
        [
            *("--pgdata", str(draft), "--write-recovery-conf", "--slot", NAME, "--wal-method", "stream"),
            *("--checkpoint", "fast", "--no-password"),
        ],
        environment,
    )
    for path in [draft, *draft.rglob("*")]:
        cluster.user.own(path)
    # The program writes what it was told; how we are called there is how the first site knows us.
    told = conninfo_to_dict(url) | {"application_name": NAME}
    line = " ".join(f"{name}={_quoted(str(value))}" for name, value in told.items() if name != "dbname")
    with (draft / "postgresql.auto.conf").open("a") as file:
        quoted = line.replace("'", "''")
        file.write(f"primary_conninfo = '{quoted}'\n")
    draft.rename(cluster.folder)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _make_slot(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT active FROM pg_replication_slots WHERE slot_name = %s", [NAME]).fetchone()
    if found is None:
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [NAME])
    elif found[0]:
        raise LaunchError("Another standby follows this server already.", f"one can be followed by one: {HOW_TO}.")


def lag_of(owner_url: str) -> dict[str, Any] | None:
    """On a standby: {behind: seconds since the last commit that arrived, received}. None once it leads."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT pg_is_in_recovery(), extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float,"
            " pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn(),"
            " (SELECT status FROM pg_stat_wal_receiver)"
        ).fetchone()
    assert row is not None
    is_following, behind, is_even, status = row
    if not is_following:
        return None
    return {"behind": 0.0 if is_even else behind, "link": status or "down"}


def watch(server: Postgres, data: Path, *, tell: Say = say) -> None:
    """Stay while the standby follows, and say when the link is lost or found again; ends when it was promoted."""
    told = ""
    while (state := lag_of(server.owner_url)) is not None:
        if state["link"] != told:
            told = state["link"]
            tell(f"· The link to the first site: {told}")
        server.keep()
        time.sleep(1)
    tell("This site leads now. Start the product here: pavillon serve")


def promote(data: Path, *, even_so: bool = False, tell: Say = say) -> float:
    """Make the standby in this folder the leading server. Returns how long it took, in seconds.

    Refuses while the first site still answers: two leading sites would both take writes that nobody can put together.
    """
    cluster = open_cluster(open_data_folder(data))
    if not cluster.is_standby:
        raise LaunchError(f"{data} is no standby: there is nothing to promote.", HOW_TO + ".")
    if not even_so and _answers(first_site(cluster)):
        raise LaunchError(
            "The first site's database still answers.",
            "stop it and be sure that it cannot come back (or, if you are sure, add --even-so).",
        )
    started = time.monotonic()
    server = Postgres(data, tell=tell).join()
    try:
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_promote(true, 60)").fetchone()
            if not (row and row[0]):
                raise LaunchError("The standby did not take over within a minute.", f"see {cluster.log}.")
            seconds = time.monotonic() - started
            connection.execute("ALTER SYSTEM RESET primary_conninfo")
            connection.execute("ALTER SYSTEM RESET primary_slot_name")
            # Nobody follows the new leading site yet: writes must not wait for one.
            connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
            connection.execute("SELECT pg_reload_conf()")
    finally:
        server.leave()
    journal.note(data, "taken_over", seconds=round(seconds, 2))
    return seconds


def first_site(cluster: Cluster) -> str:
    """How the standby reaches the server it follows."""
    found = ""
    for line in (cluster.folder / "postgresql.auto.conf").read_text().splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "primary_conninfo":
            found = value.strip()[1:-1].replace("''", "'")
    return found


def _answers(address: str) -> bool:
    try:
        psycopg.connect(f"{address} dbname=postgres connect_timeout=3").close()
    except psycopg.OperationalError as error:
        # It answers, whatever it answers; silence and a closed port are what a lost site sounds like.
        return "FATAL" in str(error) and "starting up" not in str(error) and "shutting down" not in str(error)
    return True


def synchronous(around: Surroundings, is_on: bool) -> None:
    """Whether a write is answered only when the second site has it too. Holds at once, and at each later start."""
    if around.server is None:
        raise LaunchError("The database of DATABASE_URL is run by others: ask its operator.", HOW_TO + ".")
    with psycopg.connect(around.server.owner_url, autocommit=True) as connection:
        names = f"ANY 1 ({NAME})" if is_on else ""
        connection.execute(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(names))
        connection.execute("SELECT pg_reload_conf()")
