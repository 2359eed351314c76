"""`pavillon backup`: the database and the files, sealed, at every declared site; and what is too old, taken away."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from launch import journal
from launch.archive import keep_log
from launch.binaries import packaged
from launch.errors import LaunchError
from launch.folders import write_private
from launch.progress import Say, say, step
from launch.sealing import PIECE, Sealing, digest_of, sealed
from launch.signing import sign
from launch.surroundings import Surroundings
from launch.vault import (
    HOW_TO,
    Vault,
    backup_key,
    connection_environment,
    copy_into,
    copy_ledger,
    system_of,
    vaults,
)
from launch.witness import Witness, beside, witness_of

KEEP_DAYS = 35
# Secrets are kept apart (docs/keys.md), the ledger is newer than any backup, the rest is made anew.
LEFT_OUT = {"postgres", "postgres.location", "log", "run", "static", "keys", "erasures", "test", "backups"}
# What a record says of a site.
PUBLIC = ("code", "town", "country", "is_demo")
WITNESS = "keys/log-heads.json"


def back_up(around: Surroundings, *, keep_days: int = KEEP_DAYS, tell: Say = say) -> dict[str, Any]:
    """Make one backup at every site. Returns its line in the journal. Raises LaunchError."""
    if around.server is None:
        raise LaunchError(
            "The database of DATABASE_URL is run by others: its backups are made by their tools, not by this command.",
            f"{HOW_TO}, which says what they must do and how its result is entered in the register.",
        )
    started, at = time.monotonic(), journal.now()
    owner_url = around.server.owner_url
    key = backup_key(around.data, around.environment())
    system = system_of(owner_url)
    places = vaults(around.data, system)
    keep_log(owner_url)
    name = at.strftime("%Y%m%dT%H%M%S") + f"-{os.getpid()}"
    folders = [vault.folder / name for vault in places]
    try:
        for folder in folders:
            folder.mkdir(mode=0o700)
        witness = _read(around.data / WITNESS)
        with step("Copying the database", tell):
            database, first = _database(owner_url, folders[0] / "database.sealed", f"{name}/database", key["public"])
        with step("Copying the files", tell):
            files = _files(around.data, places, folders[0] / "files.sealed", f"{name}/files", key["public"], witness)
        parts: dict[str, dict[str, Any]] = {
            part: {"size": one.size, "sha256": one.sha256, "plain": one.plain}
            for part, one in (("database.sealed", database), ("files.sealed", files))
        }
        with step("Writing the copies and reading them back", tell):
            for folder in folders:
                for part, about in parts.items():
                    if folder != folders[0]:
                        copy_into(folders[0] / part, folder / part, about["sha256"])
                    elif digest_of(folder / part) != about["sha256"]:
                        raise LaunchError(f"{folder / part} reads back otherwise than written.", "look at that disk.")
        finished = journal.now()
        manifest = {
            "name": name,
            "started_at": at.isoformat(),
            "finished_at": finished.isoformat(),
            "first_segment": first,
            # From here on each segment of the log is signed too; a platform of before begins so with its second backup.
            "log_signed": "signing" in key,
            "parts": parts,
            "key": key,
            "sites": [{**asdict(vault.site), "backups": str(vault.site.backups)} for vault in places],
            "keep_days": keep_days,
        }
        manifest = sign(manifest, around.data, around.environment(), tell)
        text = json.dumps(manifest, indent=1)
        for folder in folders:
            write_private(folder / "manifest.json", text)
    except BaseException:
        for folder in folders:
            if not (folder / "manifest.json").exists():
                shutil.rmtree(folder, ignore_errors=True)
        raise
    copy_ledger(around.data, places, key["public"], _signer(around, manifest, system, tell))
    line = journal.note(
        around.data,
        "backup",
        name=name,
        finished_at=finished.isoformat(),
        seconds=round(time.monotonic() - started, 2),
        size=sum(about["size"] for about in parts.values()),
        plain=sum(about["plain"] for about in parts.values()),
        digest=digest_of(folders[0] / "manifest.json"),
        key=key["number"],
        signed=bool(manifest["signature"]),
        keep_until=(finished + timedelta(days=keep_days)).isoformat(),
        sites=[
            {name: getattr(vault.site, name) for name in ("code", "town", "country", "is_demo")} for vault in places
        ],
    )
    for vault in places:
        forget_old(around.data, vault, journal.now(), tell)
    return line


def _signer(around: Surroundings, manifest: dict[str, Any], system: str, tell: Say) -> Witness | None:
    """What signs the ledger, None while the keys are away."""
    try:
        return witness_of(manifest["key"], system, around.environment()) if manifest["signature"] else None
    except LaunchError as error:
        tell(f"! The ledger of erasures is not signed: {error.problem}")
        return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _database(owner_url: str, path: Path, name: str, public: str) -> tuple[Sealing, str]:
    """The cluster with the part of its log that makes it whole; and the first segment of the log it needs."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        # Holds the log until it is copied, however long that takes and whatever is written meanwhile.
        slot = f"pavillon_backup_{os.getpid()}"
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", [slot])
        found = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        assert found is not None
        copying = subprocess.Popen(
            [
                *(str(packaged() / "pg_basebackup"), "--pgdata", "-", "--format", "tar", "--wal-method", "fetch"),
                *("--checkpoint", "fast", "--manifest-checksums", "SHA256", "--no-password"),
            ],
            env=connection_environment(owner_url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
        )
        assert copying.stdout is not None
        assert copying.stderr is not None
        with sealed(path, name, public) as writing:
            while piece := copying.stdout.read(PIECE):
                writing.write(piece)
            said = copying.stderr.read().decode(errors="replace").strip()
            if copying.wait():
                raise LaunchError(f"The database could not be copied: {said[-1500:]}")
    return writing, str(found[0])


def _files(data: Path, places: list[Vault], path: Path, name: str, public: str, witness: bytes | None) -> Sealing:
    """The data folder without what is made anew, secret or elsewhere. People's files get a second seal."""
    elsewhere = {vault.site.backups for vault in places}

    def wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        parts = Path(entry.name).parts
        if parts and (parts[0] in LEFT_OUT or data / entry.name in elsewhere or parts[-1].startswith(".")):
            return None
        return entry if entry.isfile() or entry.isdir() else None

    with sealed(path, name, public) as writing, tarfile.open(fileobj=writing, mode="w|") as archive:
        for entry in sorted(data.iterdir()):
            # A file may go while we look: a mail sent, an export that is too old.
            try:
                archive.add(entry, entry.name, filter=wanted)
            except FileNotFoundError:
                continue
        if witness is not None:
            about = tarfile.TarInfo(WITNESS)
            about.size, about.mode = len(witness), 0o600
            archive.addfile(about, io.BytesIO(witness))
    return writing


def forget_old(data: Path, vault: Vault, now: datetime, tell: Say = say) -> None:
    """Take away backups whose time is over, never the newest one, and the log that only they needed."""
    manifests = vault.manifests()
    for old in manifests[:-1]:
        if datetime.fromisoformat(old["finished_at"]) + timedelta(days=old["keep_days"]) < now:
            shutil.rmtree(old["folder"])
            journal.note(data, "backup_retired", name=old["name"], site=vault.site.code)
            tell(f"· {old['name']} at {vault.site.code} had its {old['keep_days']} days: taken away")
    kept = vault.manifests()
    if kept:
        first = min(one["first_segment"][8:] for one in kept)
        for path in vault.wal.glob("*.sealed"):
            # Names of segments sort as time does, behind the number of their line of history.
            if ".history" not in path.name and path.name[8:24] < first:
                path.unlink()
                beside(path).unlink(missing_ok=True)
