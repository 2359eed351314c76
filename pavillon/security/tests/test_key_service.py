"""The key service as the platform meets it: another process, certificates on both sides, a journal."""

import json
import ssl
import urllib.request

import pytest
import tink

from keyservice.certificates import make_certificates
from keyservice.holding import KeyRevoked, KeyUnavailable
from keyservice.journal import Journal
from pavillon.security.tests.key_service import running


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with running(tmp_path_factory.mktemp("service")) as service:
        yield service


def test_the_key_stays_at_the_service_and_each_use_is_in_its_journal(service):
    """The platform gets wrapped data and never the key; the journal names who asked for what about what."""
    wrapping = service.key().wrapping()
    sealed = wrapping.encrypt(b"a data key", b"values.1")
    assert b"a data key" not in sealed
    assert wrapping.decrypt(sealed, b"values.1") == b"a data key"
    with pytest.raises(tink.TinkError):
        wrapping.decrypt(sealed, b"values.2")
    lines = [
        (line["who"], line["what"], line["about"], line["done"])
        for line in Journal(service.store / "journal.jsonl").read()
    ]
    assert lines[-3:] == [
        ("platform", "wrap", "values.1", True),
        ("platform", "unwrap", "values.1", True),
        ("platform", "unwrap", "values.2", False),
    ]
    facts = service.key().facts()
    assert (facts.versions, facts.uses) == (1, 2)
    assert "platform" in service.run("log").stdout
    assert service.run("state").stdout.count("version") == 1


def test_rotation_leaves_what_was_wrapped_readable(service):
    wrapping = service.key().wrapping()
    before, version = wrapping.encrypt(b"old", b""), service.key().facts().version
    service.key().rotate()
    assert service.key().facts().version != version
    assert wrapping.decrypt(before, b"") == b"old"
    # At the key-holder's machine, beside the running service, in the same journal.
    assert service.run("rotate").returncode == 0
    assert service.key().facts().versions == 3
    assert wrapping.decrypt(before, b"") == b"old"
    assert service.run("log").returncode == 0


def test_nobody_enters_without_a_certificate_of_the_authority(service, tmp_path):
    anonymous = ssl.create_default_context(cafile=service.certificates / "authority.pem")
    with pytest.raises((OSError, urllib.error.URLError)):
        urllib.request.urlopen(f"{service.url}/v1/state", context=anonymous, timeout=60)
    make_certificates(tmp_path / "other", host="127.0.0.1", clients=["platform"])
    stranger = {
        name: str(tmp_path / "other" / f"platform.{end}")
        for name, end in [("certificate", "pem"), ("private_key", "key")]
    }
    with pytest.raises(KeyUnavailable, match="does not answer"):
        service.key(**stranger).facts()
    # And the platform speaks to nobody who is not the service it was told of.
    with pytest.raises(KeyUnavailable, match="certificate"):
        service.key(authority=str(tmp_path / "other" / "authority.pem")).facts()


def test_what_is_not_a_question_is_refused(service):
    for what, status in [("nothing", "no such question"), ("unwrap", "refuses|does not answer|'data'|do not open")]:
        with pytest.raises((KeyUnavailable, tink.TinkError), match=status):
            service.key()._ask("POST", what, {"data": "!", "context": ""})


def test_stopped_forbidden_revoked(tmp_path):
    """Its holder stops it: no answer. He may keep orders to himself. He destroys the key: it is gone for good."""
    with running(tmp_path, "--forbid", "revoke") as service:
        key = service.key()
        sealed = key.wrapping().encrypt(b"x", b"")
        with pytest.raises(KeyUnavailable, match="key-holder's machine"):
            key.revoke()
        service.stop()
        with pytest.raises(KeyUnavailable, match="does not answer"):
            key.facts()
        service.start()
        assert key.wrapping().decrypt(sealed, b"") == b"x"
        assert service.run("revoke", "--yes").returncode == 0
        assert not (service.store / "master.key").exists()
        with pytest.raises(KeyRevoked):
            key.wrapping().decrypt(sealed, b"")
        with pytest.raises(KeyRevoked):
            key.create()
        key.replace()
        with pytest.raises(tink.TinkError):
            key.wrapping().decrypt(sealed, b"")


@pytest.mark.parametrize("harm", ["alter", "remove", "insert"])
def test_a_changed_journal_is_found(tmp_path, harm):
    journal = Journal(tmp_path / "journal.jsonl")
    for number in range(5):
        journal.write("platform", "unwrap", f"values.{number}")
    assert journal.first_fault() is None
    lines = journal.path.read_text().splitlines()
    if harm == "alter":
        lines[2] = json.dumps(json.loads(lines[2]) | {"who": "nobody"})
    elif harm == "remove":
        del lines[2]
    else:
        lines.insert(2, lines[2])
    journal.path.write_text("\n".join(lines) + "\n")
    assert Journal(journal.path).first_fault() in (3, 4)
