"""Who follows this site's database, for the officer's page. Asked by the supervisor, so it needs nothing else."""

import json
from pathlib import Path
from typing import Any

import psycopg

from launch import journal
from launch.folders import write_private

# How a standby calls itself here, and what its place in the log is called.
NAME = "pavillon_standby"


def replication_state(owner_url: str) -> list[dict[str, Any]]:
    """On the leading server: who follows, in which mode, how many bytes behind."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT application_name, state, sync_state, pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)::bigint"
            " FROM pg_stat_replication WHERE application_name = %s",
            [NAME],
        ).fetchall()
    return [dict(zip(("name", "state", "mode", "bytes"), row, strict=True)) for row in rows]


def write_state(data: Path, owner_url: str) -> None:
    """For the officer's page, which sees no more than the application may."""
    path = journal.folder(data) / "replication.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(path, json.dumps({"at": journal.now().isoformat(), "standbys": replication_state(owner_url)}))
