# mypy: ignore-errors
"""Backup, point-in-time recovery and fail-over, with real servers that are killed."""

import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import psycopg
import pytest

from launch import (
    archive,
    backup,
    continuity,
    rehearsal,
    replica,
    replication,
    restore,
    sealing,
    signing,
    vault,
    witness,
)
from launch.cluster import open_cluster
from launch.errors import LaunchError
from launch.folders import ROOT
from launch.sites import read_sites, sites_file
from launch.surroundings import open_surroundings
from launch.tests.conftest import wait_for
from pavillon.accounts.tests import factories as accounts
from pavillon.continuity.actions import take_in_journal
from pavillon.security.backup_keys import (
    ForgedManifest,
    check_manifest,
    new_backup_key,
    open_backup_key,
    open_signing_key,
    sign_manifest,
)
from pavillon.ui.words import number

pytestmark = pytest.mark.launch

SITES = """
[[site]]
code = "paris"
role = "primary"
town = "Paris"
country = "FR"
provider = "Test"
backups = "vault-paris"

[[site]]
code = "frankfurt"
role = "standby"
town = "Frankfurt"
country = "DE"
provider = "Test"
backups = "vault-frankfurt"
"""


@pytest.fixture(autouse=True)
def keys_without_another_process(monkeypatch):
    """What `manage.py backup_key` does, in this process: starting Django costs seconds each time."""

    def answer(words, environment, *, told=""):
        if words == ["backup_key", "new"]:
            return json.dumps(new_backup_key("file"))
        if words == ["backup_key", "sign"]:
            return json.dumps(sign_manifest(**json.loads(told)))
        if words == ["backup_key", "check"]:
            try:
                return str(check_manifest(**json.loads(told)))
            except ForgedManifest as error:
                raise LaunchError(str(error)) from None
        if words == ["backup_key", "signing"]:
            return open_signing_key(json.loads(told))
        assert words == ["backup_key", "open"], words
        return open_backup_key(json.loads(told))

    monkeypatch.setattr(vault, "run_manage", answer)
    monkeypatch.delenv("DATABASE_URL", raising=False)


def start(place):
    (place.data / "sites.toml").write_text(SITES)
    return open_surroundings(data=place.data)


def run(url, statement, *values):
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


@pytest.mark.covers("SEC-03")
def test_any_moment_is_restored_from_either_site(place, make_place, db, client, settings, monkeypatch):
    around = start(place)
    process = None
    try:
        run(around.url, "CREATE TABLE kept (what text)")
        (place.data / "media").mkdir()
        (place.data / "media" / "letter").write_text("sealed already")
        (place.data / "keys").mkdir()
        (place.data / "keys" / "master.key").write_text("secret")
        line = backup.back_up(around)
        assert [site["code"] for site in line["sites"]] == ["paris", "frankfurt"]
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "launch.archive", str(place.data)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd="/",
        )
        run(around.url, "INSERT INTO kept VALUES ('before')")
        between = run(around.url, "SELECT clock_timestamp()")[0][0]
        run(around.url, "INSERT INTO kept VALUES ('after')")
        last = run(around.server.owner_url, "SELECT pg_walfile_name(pg_switch_wal())")[0][0]
        stored = [place.data / f"vault-{site}" for site in ("paris", "frankfurt")]
        wait_for(
            lambda: all(list(folder.glob(f"*/wal/{last}.sealed")) for folder in stored), 60, "the log at both sites"
        )
        process.terminate()
        assert process.wait(60) == 0
        assert archive.state_of(place.data)["problem"] == ""
        assert all(witness.beside(path).exists() for folder in stored for path in folder.glob("*/wal/*.sealed"))

        # Nothing of the database lies open at a site, and no key.
        assert b"before" not in b"".join(path.read_bytes() for path in stored[1].rglob("*.sealed"))
        assert not [path for folder in stored for path in folder.rglob("*.key")]

        # The first site burns: what is left at the second is enough.
        shutil.rmtree(stored[0])
        places = read_sites(sites_file(place.data), place.data)
        for to, expected in ((between, ["before"]), (None, ["before", "after"])):
            other = make_place()
            done = restore.restore(places, other.data, to=to)
            assert done.site == "frankfurt"
            assert (other.data / "media" / "letter").read_text() == "sealed already"
            assert not (other.data / "keys").exists()
            again = other.start_user()
            url = again.wait_until_ready()
            assert [what for (what,) in run(url, "SELECT what FROM kept")] == expected
            run(url, "INSERT INTO kept VALUES ('goes on')")
            again.leave()

        with pytest.raises(LaunchError, match="No backup was finished before"):
            restore.choose(places, datetime(2020, 1, 1, tzinfo=UTC))
        with pytest.raises(LaunchError, match="never writes over anything"):
            restore.restore(places, place.data, to=None)

        monkeypatch.setenv("PAVILLON_DATA", str(place.data))
        assert continuity.verify_backups([]) == 0
        whole = next(path for path in stored[1].glob("*/wal/*.sealed") if last in path.name)
        kept = whole.read_bytes()
        whole.unlink()
        later = [path for path in stored[1].glob("*/wal/*.sealed") if path.name[8:24] > last[8:24]]
        assert continuity.verify_backups([]) == (1 if later else 0), "a gap is found"
        whole.write_bytes(kept[:-1])
        assert continuity.verify_backups([]) == 1, "one that was altered is found"
        with pytest.raises(LaunchError, match="forged or altered"):
            restore.restore(places, make_place().data, to=None, unsigned=True)
        whole.write_bytes(kept)

        # The test of a restore is a record; a damaged copy does not pass.
        passed = rehearsal.rehearse_restore(around)
        assert passed["passed"], passed
        assert passed["seconds"] > 0
        assert passed["site"] == "frankfurt"
        damaged = next(stored[1].glob("*/*/database.sealed"))
        with damaged.open("r+b") as file:
            file.seek(-100, os.SEEK_END)
            file.write(b"\0" * 20)
        failed = rehearsal.rehearse_restore(around)
        assert not failed["passed"]
        assert "not what was backed up" in failed["problem"]
        assert not list(place.data.glob("restore-test-*"))
        lines = (place.data / "continuity" / "events.jsonl").read_text().splitlines()
        assert [json.loads(one)["kind"] for one in lines] == ["backup", "restore_test", "restore_test"]

        # The officer reads both tests with how long they took.
        settings.DATA = place.data
        accounts.places()
        client.force_login(accounts.cast().security)
        assert take_in_journal() == 3
        page = client.get("/continuity/backups/").content.decode()
        for told in (passed, failed):
            assert f"It took {number(Decimal(str(told['seconds'])))} s, from the copies of frankfurt" in page
        assert "is not what was backed up" in page
    finally:
        if process and process.poll() is None:
            process.kill()
        around.server.leave()


def test_backups_stay_in_the_union_and_grow_old(place):
    (place.data / "sites.toml").write_text(SITES.replace('"DE"', '"US"'))
    with pytest.raises(LaunchError, match="outside the European Union"):
        vault.declared_places(place.data)
    (place.data / "sites.toml").write_text(SITES)
    kept = vault.vaults(place.data, "7")[1]
    for day in ("2026-01-01", "2026-03-01", "2026-03-02"):
        (kept.folder / day).mkdir()
        about = {"name": day, "finished_at": f"{day}T00:00:00+00:00", "keep_days": 35}
        about["first_segment"] = f"0000000100000000000000{day[-2:]}"
        (kept.folder / day / "manifest.json").write_text(json.dumps(about))
    for segment in ("000000010000000000000001", "000000010000000000000002"):
        (kept.wal / f"{segment}.sealed").write_text("")
    backup.forget_old(place.data, kept, datetime(2026, 3, 20, tzinfo=UTC), print)
    assert [one["name"] for one in kept.manifests()] == ["2026-03-01", "2026-03-02"]
    backup.forget_old(place.data, kept, datetime(2027, 1, 1, tzinfo=UTC), print)
    # The newest is never taken away, and the log that it needs neither.
    (kept.folder / "torn").mkdir()
    (kept.folder / "torn" / "manifest.json").write_text("{")
    assert [one["name"] for one in kept.manifests()] == ["2026-03-02"], "a torn one hides none beside it"
    assert [path.name[:24] for path in kept.wal.iterdir()] == ["000000010000000000000002"]


def test_a_forged_manifest_is_refused_and_an_unsigned_one_asked_about(place, make_place, monkeypatch):
    """Whoever writes at a site can seal parts for us and count their digests; the signature he cannot make."""
    (place.data / "sites.toml").write_text(SITES)
    kept = vault.vaults(place.data, "7")[0]
    folder = kept.folder / "20260301"
    folder.mkdir()
    key = new_backup_key("file")
    (place.data / vault.KEY_FILE).write_text(json.dumps(key))
    sealed = sealing.seal_file(ROOT / "README.md", folder / "files.sealed", "20260301/files", key["public"])
    written = {
        "name": "20260301", "started_at": "2026-03-01T00:00:00+00:00", "finished_at": "2026-03-01T00:01:00+00:00",
        "first_segment": "000000010000000000000001", "key": key, "keep_days": 35,
        "parts": {
            "files.sealed": {"size": sealed.size, "sha256": sealed.sha256, "plain": sealed.plain},
            "database.sealed": {"size": 1, "sha256": "0" * 64, "plain": 1},
        },
    }  # fmt: skip
    said = []
    signed = signing.sign(written, place.data, {}, said.append)
    assert not said
    assert json.loads((place.data / vault.KEY_FILE).read_text()) == signed["key"], "the key that signs is kept"

    def refusal(manifest, **more):
        (folder / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(LaunchError) as error:
            restore.restore([kept.site], make_place().data, to=None, **more)
        return error.value.problem

    # The true one passes that gate: what is missing is the database.
    assert "database.sealed is not what was backed up" in refusal(signed)
    for altered in (
        signed | {"finished_at": "2026-03-02T00:00:00+00:00"},
        signed | {"parts": {"files.sealed": signed["parts"]["files.sealed"]}},
        signed | {"key": new_backup_key("file")},
        signed | {"key": signed["key"] | {"public": new_backup_key("file")["public"]}},
        signed | {"signature": "AAAA"},
    ):
        assert "is forged or altered" in refusal(altered)
        assert "is forged or altered" in refusal(altered, unsigned=True), "--unsigned opens no door to a wrong one"
    assert "bears no signature" in refusal(written)
    assert "bears no signature" not in refusal(written, unsigned=True)
    # While the keys are away a backup is made all the same, and says that nobody signed it.
    monkeypatch.setattr(vault, "run_manage", lambda *_a, **_o: (_ for _ in ()).throw(LaunchError("the keys are away")))
    assert signing.sign(written, place.data, {}, said.append)["signature"] == ""
    assert "not signed: the keys are away" in said[0]


def test_a_site_that_is_not_mounted_is_said_and_gets_nothing(place, tmp_path):
    elsewhere = tmp_path / "mnt" / "vault"
    (place.data / "sites.toml").write_text(SITES.replace("vault-frankfurt", str(elsewhere)))
    with pytest.raises(LaunchError, match="is not there"):
        vault.vaults(place.data, "7")
    assert not elsewhere.parent.exists()
    elsewhere.mkdir(parents=True)
    assert vault.vaults(place.data, "7")[1].wal.is_dir()


def test_a_whole_segment_is_laid_before_its_unfinished_copy(place):
    """Both lie there when the archive was stopped between the two: the unfinished one would end the log too early."""
    (place.data / "sites.toml").write_text(SITES)
    kept, (public, private) = vault.vaults(place.data, "7")[0], sealing.new_keypair()
    name, source = "000000010000000000000005", place.data / "segment"
    for ending, content in (("", b"whole"), (".partial", b"half")):
        source.write_bytes(content)
        sealing.seal_file(source, kept.wal / f"{name}{ending}.sealed", name, public)
    cluster = open_cluster(place.data)
    cluster.home.mkdir(parents=True, exist_ok=True)
    restore._lay_log(kept, {"first_segment": name}, cluster, private)
    assert (restore._log_folder(cluster) / name).read_bytes() == b"whole"
    assert not list(kept.wal.glob(".*")), "no draft stays"


def test_the_log_and_the_ledger_are_signed_too(place):
    """Whoever writes at a site can seal segments for us: neither those, nor a gap, nor another place's pass."""
    (place.data / "sites.toml").write_text(SITES)
    kept, other = vault.vaults(place.data, "7")
    key = new_backup_key("file")
    ours, private = witness.witness_of(key, "7", {}), open_backup_key(key)
    assert witness.witness_of({"number": key["number"]}, "7", {}) is None, "a key of before signs nothing"
    source = place.data / "segment"
    names = [f"0000000100000000000000{n:02X}" for n in range(5, 8)]
    for name in names:
        source.write_bytes(name.encode())
        path = kept.wal / f"{name}.sealed"
        written = sealing.seal_file(source, path, name, key["public"], ours.announce(path))
        ours.sign(other.wal / path.name, written.size, written.sha256)
        vault.copy_into(path, other.wal / path.name, written.sha256)
    (place.data / "erasures").mkdir()
    (place.data / "erasures" / "ledger.jsonl").write_text("{}\n")
    vault.copy_ledger(place.data, [kept, other], key["public"], ours)
    manifest = {"first_segment": names[0], "log_signed": True, "key": key, "finished_at": "2026-03-01", "name": "x"}
    for at in (kept, other):
        (at.folder / "x").mkdir()
        (at.folder / "x" / "manifest.json").write_text(json.dumps(manifest))
        assert witness.check_vault(at, {}) == []
    cluster = open_cluster(place.data)
    cluster.home.mkdir(parents=True, exist_ok=True)

    def lay(*, unsigned=False):
        shutil.rmtree(restore._log_folder(cluster), ignore_errors=True)
        restore._lay_log(kept, manifest, cluster, private, ours, unsigned=unsigned)

    lay()
    middle, last = (kept.wal / f"{name}.sealed" for name in names[1:])
    true, beside = middle.read_bytes(), witness.beside(middle).read_text()
    # What was there before, while the new one is being put in place, is ours too.
    ours.sign(middle, 1, "0" * 64)
    lay()
    # A forged one, another segment under this name with its own signature, a signature of another platform.
    sealing.seal_file(source, middle, names[1], key["public"])
    for lines in (beside, witness.beside(last).read_text(), "[]{", '[{"sha256": 1}]'):
        witness.beside(middle).write_text(lines)
        with pytest.raises(LaunchError, match="forged or altered"):
            lay(unsigned=True)
    foreign = witness.witness_of(new_backup_key("file"), "7", {})
    for stranger in (foreign, witness.witness_of(key, "8", {})):
        witness.beside(middle).unlink()
        stranger.sign(middle, middle.stat().st_size, sealing.digest_of(middle))
        with pytest.raises(LaunchError, match="forged or altered"):
            lay(unsigned=True)
    witness.beside(middle).unlink()
    with pytest.raises(LaunchError, match="bears no signature"):
        lay()
    lay(unsigned=True)
    assert len(witness.check_vault(kept, {})) == 1
    middle.unlink()
    with pytest.raises(LaunchError, match="1 segments of the log are missing"):
        lay()
    lay(unsigned=True)
    middle.write_bytes(true)
    witness.beside(middle).write_text(beside)
    lay()
    sealing.seal_file(source, kept.ledger, "ledger", key["public"])
    with pytest.raises(LaunchError, match=r"ledger.sealed is forged"):
        restore._bring_ledger(place.data / "into", kept, None, private, ours, unsigned=True)
    assert witness.check_vault(other, {}) == []


def test_a_restore_test_that_breaks_off_is_in_the_register_too(place, monkeypatch):
    (place.data / "sites.toml").write_text(SITES)

    def full(*words, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rehearsal, "restore", full)
    line = rehearsal.rehearse_restore(SimpleNamespace(data=place.data, environment=dict))
    assert (line["passed"], line["problem"]) == (False, "OSError: [Errno 28] No space left on device")
    assert not list(place.data.glob("restore-test-*"))
    about = {"folder": place.data, "parts": {"database.sealed": {"sha256": ""}}}
    with pytest.raises(LaunchError, match="not what was backed up"):
        restore.check_parts(about)


class Writer(threading.Thread):
    """Writes numbers one after the other, and remembers those that the server said were kept."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url, self.acknowledged = url, 0

    def run(self):
        with psycopg.connect(self.url, autocommit=True) as connection:
            try:
                for number in range(1, 1_000_000):
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                    self.acknowledged = number
            except psycopg.OperationalError:
                return


def test_a_killed_first_site_loses_no_acknowledged_write(place, make_place):
    around = start(place)
    run(around.url, "CREATE TABLE kept (number int)")
    second = make_place()
    shutil.copy(open_cluster(place.data).credentials, second.data / "database.json")
    (second.data / "database.json").chmod(0o600)
    standby = replica.follow(second.data, f"127.0.0.1:{around.server.port}")
    try:
        replica.synchronous(around, True)
        owner = around.server.owner_url
        wait_for(
            lambda: [one["mode"] for one in replication.replication_state(owner)] == ["quorum"], 60, "the second site"
        )
        assert replica.lag_of(standby.owner_url)["link"] == "streaming"
        replication.write_state(place.data, owner)
        assert (
            json.loads((place.data / "continuity" / "replication.json").read_text())["standbys"][0]["mode"] == "quorum"
        )
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            run(standby.url, "INSERT INTO kept VALUES (0)")
        with pytest.raises(LaunchError, match="still answers"):
            replica.promote(second.data)

        writer = Writer(around.url)
        writer.start()
        wait_for(lambda: writer.acknowledged > 100, 60, "a hundred writes")
        place.kill_everything()
        writer.join(60)
        assert not writer.is_alive()
        replica.promote(second.data)
        assert replica.lag_of(standby.owner_url) is None
        found = [number for (number,) in run(standby.url, "SELECT number FROM kept ORDER BY number")]
        assert found[: writer.acknowledged] == list(range(1, writer.acknowledged + 1))
        # One write may have been kept without its answer having arrived; none is missing.
        assert len(found) - writer.acknowledged in (0, 1)
        # It takes writes, alone: nobody is waited for.
        run(standby.url, "INSERT INTO kept VALUES (0)")
        events = (second.data / "continuity" / "events.jsonl").read_text()
        assert json.loads(events)["kind"] == "taken_over"
    finally:
        standby.leave()
        standby.wait_until_stopped()
