"""`pavillon restore`: a data folder as it was at a moment, from the backups and the log at one site."""

import json
import os
import shutil
import tarfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from launch.cluster import Cluster, open_cluster
from launch.errors import LaunchError
from launch.folders import ROOT, open_data_folder
from launch.given import given_secret
from launch.postgres import Postgres
from launch.preparation import ledger_of, owes_erasures
from launch.progress import Say, say, step
from launch.sealing import Pieces, digest_of, open_file, opened
from launch.signing import check
from launch.sites import Site
from launch.surroundings import kept_secret
from launch.unpacking import unpack
from launch.vault import HOW_TO, Vault, known_vaults, private_half, run_manage, run_tool
from launch.witness import Witness, check_unbroken, witness_of

KEYS_OF_SETTINGS = {"PAVILLON_MASTER_KEY_FILE": "master.key", "PAVILLON_LOCAL_KEY_FILE": "local.key"}


@dataclass
class Restored:
    """What came of a restore. `until` is the commit time of the last transaction that is in it."""

    backup: str
    site: str
    digest: str
    until: str | None
    seconds: float
    erasures_made_again: bool
    files_of: str
    environment: dict[str, str]


def restore(
    places: list[Site],
    into: Path,
    *,
    to: datetime | None,
    keys: Path | None = None,
    ledger: Path | None = None,
    named: str = "",
    unsigned: bool = False,
    tell: Say = say,
) -> Restored:
    """Put the newest backup before `to` (None: the newest) into an empty folder, and the log after it.

    `keys`: the folder of the key files; they are used where they lie. `ledger`: a ledger of erasures that is newer than
    the sites' copies. `unsigned`: take a backup whose list bears no signature. Raises LaunchError.
    """
    started = time.monotonic()
    if into.exists() and any(into.iterdir()):
        raise LaunchError(f"{into} is not empty: a restore never writes over anything.", "name a new folder.")
    vault, manifest = choose(places, to, named)
    open_data_folder(into)
    environment = restored_environment(into, keys)
    tell(f"· Backup {manifest['name']} of {manifest['finished_at']}, from {vault.site.code}")
    check(manifest, environment, unsigned=unsigned)
    private = private_half(manifest["key"], environment)
    check_parts(manifest)
    with step("Unpacking files and database", tell):
        unpack_files(manifest, into, private)
        cluster = open_cluster(into)
        unpack_database(manifest, cluster, private)
    witness = witness_of(manifest["key"], vault.folder.name.removeprefix("pavillon-"), environment)
    is_lenient = unsigned or not manifest.get("log_signed")
    _bring_ledger(into, vault, ledger, private, witness, unsigned=is_lenient)
    with step("Following the log", tell):
        _lay_log(vault, manifest, cluster, private, witness, unsigned=is_lenient)
        _ask_recovery(cluster, to)
        server = Postgres(into, tell=tell)
        try:
            try:
                server.join()
            except LaunchError as error:
                raise _explained(error, to) from None
            until = _finish_recovery(server.owner_url)
            environment |= {"DATABASE_URL": server.url, "SECRET_KEY": kept_secret(into / "secret-key")}
            owed = _is_ours(server.url) and owes_erasures(server.url, into)
            if owed:
                tell(run_manage(["replay_erasures"], environment) or "· Erasures made again")
        finally:
            server.leave()
            server.wait_until_stopped()
            shutil.rmtree(_log_folder(cluster), ignore_errors=True)
    return Restored(
        backup=manifest["name"],
        site=vault.site.code,
        digest=digest_of(manifest["folder"] / "manifest.json"),
        until=until.isoformat() if until else None,
        seconds=round(time.monotonic() - started, 2),
        erasures_made_again=owed,
        files_of=manifest["finished_at"],
        environment=environment,
    )


def choose(places: list[Site], to: datetime | None, named: str = "") -> tuple[Vault, dict[str, Any]]:
    """The newest finished backup before the moment, at the first site that has it whole. Raises LaunchError."""
    found = [(vault, manifest) for vault in known_vaults(places) for manifest in vault.manifests()]
    if named:
        found = [one for one in found if one[1]["name"] == named]
    fitting = [one for one in found if to is None or datetime.fromisoformat(one[1]["finished_at"]) <= to]
    if not fitting:
        begin = min((one[1]["finished_at"] for one in found), default="never")
        raise LaunchError(
            f"No backup was finished before {to.isoformat() if to else 'now'} (the oldest: {begin}).",
            f"choose a later moment, or name another site's file with PAVILLON_SITES ({HOW_TO}).",
        )
    systems = {vault.folder.name for vault, _manifest in fitting}
    if len(systems) > 1 and not named:
        raise LaunchError(
            f"Backups of several platforms lie there: {', '.join(sorted(systems))}.", "name one of them with --backup."
        )
    newest = max(manifest["finished_at"] for _vault, manifest in fitting)
    return next(one for one in fitting if one[1]["finished_at"] == newest)


def check_parts(manifest: dict[str, Any]) -> None:
    """Whether what lies there is what was written. Raises LaunchError."""
    for part, about in manifest["parts"].items():
        path = manifest["folder"] / part
        if not path.is_file() or digest_of(path) != about["sha256"]:
            raise LaunchError(
                f"{manifest['folder'] / part} is not what was backed up.", "take the copy of another site (--site)."
            )


def restored_environment(into: Path, keys: Path | None) -> dict[str, str]:
    """The environment of Django's commands on a folder that is being restored. The key files stay where they are."""
    own = {name: str(keys / file) for name, file in KEYS_OF_SETTINGS.items() if keys and (keys / file).exists()}
    left = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        **left,
        **own,
        "PAVILLON_DATA": str(into),
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": given_secret("SECRET_KEY") or "while-nothing-is-restored-" + "x" * 30,
    }


def unpack_files(manifest: dict[str, Any], into: Path, private: str) -> None:
    pieces = opened(manifest["folder"] / "files.sealed", f"{manifest['name']}/files", private)
    with tarfile.open(fileobj=Pieces(pieces), mode="r|") as archive:
        unpack(archive, into)
    for secret in ("database.json", "secret-key"):
        if (into / secret).exists():
            (into / secret).chmod(0o600)
    if (into / "keys").exists():
        (into / "keys").chmod(0o700)


def unpack_database(manifest: dict[str, Any], cluster: Cluster, private: str) -> None:
    """The cluster as it was copied, and a look whether each of its files is what was copied."""
    folder = cluster.folder
    folder.mkdir(mode=0o700)
    pieces = opened(manifest["folder"] / "database.sealed", f"{manifest['name']}/database", private)
    with tarfile.open(fileobj=Pieces(pieces), mode="r|") as archive:
        unpack(archive, folder)
    run_tool("pg_verifybackup", ["--no-parse-wal", "--quiet", str(folder)], {"LC_ALL": "C"})
    folder.chmod(0o700)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        cluster.user.own(path)


def _bring_ledger(
    into: Path, vault: Vault, given: Path | None, private: str, witness: Witness | None, *, unsigned: bool
) -> None:
    """The longest of the ledgers there are: a line is only ever added."""
    target = ledger_of(into)
    found: list[bytes] = []
    if vault.ledger.exists():
        if witness:
            witness.check(vault.ledger, unsigned=unsigned)
        found.append(b"".join(opened(vault.ledger, "ledger", private)))
    if given and given.exists():
        found.append(given.read_bytes())
    if found:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(max(found, key=len))


def _log_folder(cluster: Cluster) -> Path:
    return cluster.home / "log-of-the-archive"


def _lay_log(
    vault: Vault,
    manifest: dict[str, Any],
    cluster: Cluster,
    private: str,
    witness: Witness | None = None,
    *,
    unsigned: bool = True,
) -> None:
    """The segments since the backup, opened, where the server can read them. Raises NotSigned for one of others."""
    folder = _log_folder(cluster)
    folder.mkdir(mode=0o700)
    laid: list[str] = []
    # A whole segment is better than its unfinished copy, which a stop at the wrong moment leaves beside it.
    for path in sorted(vault.wal.glob("*.sealed"), key=lambda one: (".partial" in one.name, one.name)):
        segment = path.name.removesuffix(".sealed").removesuffix(".partial")
        if not segment.endswith(".history") and segment[8:24] < manifest["first_segment"][8:24]:
            continue
        if not (folder / segment).exists():
            if witness:
                witness.check(path, unsigned=unsigned)
            laid += [] if segment.endswith(".history") else [segment]
            open_file(path, segment, private, folder / segment)
            (folder / segment).chmod(0o600)
            cluster.user.own(folder / segment)
    if not unsigned:
        check_unbroken(laid, manifest["first_segment"])
    cluster.user.own(folder)


def _ask_recovery(cluster: Cluster, to: datetime | None) -> None:
    settings = {
        "restore_command": f'cp "{_log_folder(cluster)}/%f" "%p"',
        "recovery_target_action": "promote",
        "recovery_target_timeline": "latest",
    }
    if to is not None:
        settings["recovery_target_time"] = to.isoformat()
    with (cluster.folder / "postgresql.auto.conf").open("a") as file:
        for name, value in settings.items():
            quoted = value.replace("'", "''")
            file.write(f"{name} = '{quoted}'\n")
    (cluster.folder / "recovery.signal").touch(mode=0o600)
    cluster.user.own(cluster.folder / "recovery.signal")


def _explained(error: LaunchError, to: datetime | None) -> LaunchError:
    if to is not None and "before configured recovery target was reached" in error.problem:
        return LaunchError(
            f"The log that lies at this site ends before {to.isoformat()}: nothing was written after that moment, or "
            "it was not copied yet.",
            "choose an earlier moment, or --to LATEST, which brings all there is.",
        )
    return error


def _finish_recovery(owner_url: str) -> datetime | None:
    """Wait until the server takes writes; then forget the recovery. Returns the time of the last commit."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        while _one(connection, "SELECT pg_is_in_recovery()"):
            time.sleep(0.1)
        for name in ("restore_command", "recovery_target_time", "recovery_target_action", "recovery_target_timeline"):
            connection.execute(f"ALTER SYSTEM RESET {name}")
        return _one(connection, "SELECT pg_last_xact_replay_timestamp()")


def _one(connection: psycopg.Connection, query: Any) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _is_ours(url: str) -> bool:
    """Whether the tables of the product are in it."""
    with psycopg.connect(url, autocommit=True) as connection:
        return _one(connection, "SELECT to_regclass('privacy_erasure')") is not None


def checks_of(environment: dict[str, str]) -> list[dict[str, Any]]:
    """What `check_restored` says of a restored database: a list of {code, is_good, value}."""
    return list(json.loads(run_manage(["check_restored"], environment).splitlines()[-1]))
