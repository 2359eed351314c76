"""Where backups lie: one vault at each declared site, the same content in each.

    <site's folder>/pavillon-<system>/<backup>/manifest.json   what it is, where it is, with which digests
                                       <backup>/database.sealed, files.sealed
                                       wal/<segment>.sealed     the log of the database since the oldest backup
                                       wal/<segment>.sealed.signed, ledger.sealed.signed   whose they are
                                       ledger.sealed            the ledger of erasures, always the newest

`<system>` is the number that PostgreSQL gave the cluster, so that two platforms never mix.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import psycopg

from launch.binaries import packaged
from launch.errors import LaunchError
from launch.folders import ROOT, write_private
from launch.locks import FileLock
from launch.progress import say
from launch.sealing import digest_of, draft_of, put_in_place, seal_file
from launch.sites import KEY_FILE, Site, read_sites, sites_file

HOW_TO = "see docs/how-to/back-up-and-restore.md"


@dataclass(frozen=True)
class Vault:
    """The folder of one platform's backups at one site."""

    site: Site
    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sealed"

    def manifests(self) -> list[dict[str, Any]]:
        """Those of all finished backups, the oldest first; each with its `folder` and `site`.

        One that cannot be read is named and left out: it shall not hide the good ones beside it.
        """
        found = []
        for path in sorted(self.folder.glob("*/manifest.json")):
            try:
                told = json.loads(path.read_text())
                found.append((str(told["finished_at"]), told | {"folder": path.parent, "site": self.site.code}))
            except (ValueError, TypeError, KeyError, OSError):
                say(f"! {path} cannot be read: this backup is left out. Compare the site with the other one.")
        return [told for _finished, told in sorted(found, key=itemgetter(0))]


def declared_places(data: Path) -> list[Site]:
    """The sites that keep backups. Raises LaunchError when none is declared, or one is outside the Union."""
    places = [site for site in read_sites(sites_file(data), data) if site.backups]
    if not places:
        raise LaunchError(
            f"{sites_file(data)} declares no place for backups.", f"declare the sites with their folders: {HOW_TO}."
        )
    for site in places:
        if not site.is_european:
            raise LaunchError(
                f"The site {site.code} is in {site.country}, outside the European Union: no backup is written there.",
                "choose a place inside the Union.",
            )
    return places


def vaults(data: Path, system: str) -> list[Vault]:
    """This platform's vault at each site, made if it is missing. Raises LaunchError for a site that is not there."""
    found = []
    for site in declared_places(data):
        assert site.backups is not None
        vault = Vault(site, site.backups / f"pavillon-{system}")
        if data not in site.backups.parents and not site.backups.is_dir():
            # Made by us it would lie on this machine's own disk whenever the other site's is not mounted.
            raise LaunchError(
                f"The folder {site.backups} of {site.code} is not there.",
                "mount the site's disk; at the very first backup make the folder on it yourself.",
            )
        try:
            (vault.folder / "wal").mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LaunchError(
                f"The backups of {site.code} cannot be written in {site.backups}: {error.strerror}.",
                "mount the site's folder, or correct its place.",
            ) from None
        found.append(vault)
    return found


def known_vaults(places: list[Site]) -> list[Vault]:
    """Every vault that lies at these sites."""
    return [
        Vault(site, folder)
        for site in places
        if site.backups and site.backups.exists()
        for folder in sorted(site.backups.glob("pavillon-*"))
    ]


def copy_into(source: Path, target: Path, sha256: str) -> None:
    """A copy in another vault, whole or not at all, read back and compared."""
    draft = draft_of(target)
    try:
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        if digest_of(draft) != sha256:
            raise LaunchError(f"The copy {target} is not what was written to {source}.", "look at that disk.")
        put_in_place(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def system_of(owner_url: str) -> str:
    """The number of the cluster, the same on all its standbys."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        row = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
    assert row is not None
    return str(row[0])


def copy_ledger(data: Path, places: list[Vault], public: str, witness: Any = None) -> None:
    """The ledger of erasures, beside every backup and newer than all of them (decision 0023), signed by the `Witness`.

    One process at a time: the archive and a backup both write it.
    """
    ledger = data / "erasures" / "ledger.jsonl"
    if not ledger.exists():
        return
    with FileLock(data / "erasures" / ".copying") as lock:
        lock.take()
        for vault in places:
            seal_file(ledger, vault.ledger, "ledger", public, witness.announce(vault.ledger) if witness else None)


def backup_key(data: Path, environment: dict[str, str]) -> dict[str, Any]:
    """The key for which backups are sealed; made at the first one. Only its public half can be used without the master
    key."""
    path = data / KEY_FILE
    if not path.exists():
        write_private(path, run_manage(["backup_key", "new"], environment))
    return dict(json.loads(path.read_text()))


def private_half(key: dict[str, Any], environment: dict[str, str]) -> str:
    """What opens a backup, unwrapped by the master key. It stays in the memory of this process."""
    return run_manage(["backup_key", "open"], environment, told=json.dumps(key))


def run_manage(words: list[str], environment: dict[str, str], *, told: str = "") -> str:
    """One of Django's commands, and what it says. Raises LaunchError with its own words."""
    done = subprocess.run(
        [sys.executable, "-P", str(ROOT / "manage.py"), *words],
        cwd=ROOT,
        env=environment,
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LaunchError(f"`{words[0]}` says: {done.stderr.strip()[-1500:]}", HOW_TO + ".")
    return done.stdout.strip()


def run_tool(name: str, words: list[str], environment: dict[str, str]) -> str:
    """One of PostgreSQL's programs to its end. Raises LaunchError with its own words."""
    done = subprocess.run(
        [str(packaged() / name), *words], env=environment, capture_output=True, text=True, cwd="/", check=False
    )
    if done.returncode:
        raise LaunchError(f"{name} says: {done.stderr.strip()[-1500:]}")
    return done.stdout


def connection_environment(url: str) -> dict[str, str]:
    """A connection for PostgreSQL's programs, with the password out of the list of processes."""
    from psycopg.conninfo import conninfo_to_dict

    told = conninfo_to_dict(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    own = {names[name]: str(value) for name, value in told.items() if name in names}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", **own}


def moment_of(text: str) -> datetime:
    """A moment as it is typed: ISO 8601, with its zone or in this machine's own."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise LaunchError(f"{text} is no moment.", "write it as 2026-11-22T14:05:00+01:00, or LATEST.") from None
