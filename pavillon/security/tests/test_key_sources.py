"""The other two sources, and the shares: a hardware module, a file, a secret on paper."""

import random
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import tink

from keyservice.holding import KeyRevoked, KeyUnavailable
from keyservice.keyfile import FileKey
from keyservice.shares import WrongShares, combine, new_secret, split
from keyservice.token import TokenKey
from pavillon.security.enums import Purpose
from pavillon.security.keysets import new_keyset, new_recovery, open_by_recovery, seal_for_recovery

MODULES = [
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
]


@pytest.fixture
def token(tmp_path, monkeypatch):
    module = next((path for path in MODULES if path.exists()), None)
    if module is None or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is not installed (Debian: apt-get install softhsm2)")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    made = ["softhsm2-util", "--init-token", "--free", "--label", "pavillon", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(made, check=True, capture_output=True)
    (tmp_path / "pin").write_text("1234\n")
    return TokenKey(module=module, token="pavillon", pin_file=tmp_path / "pin")


def test_the_key_of_a_hardware_module_never_leaves_it(token, tmp_path):
    """Made in the module, used in it, rotated and destroyed in it; nothing of it can be taken out."""
    import pkcs11

    with pytest.raises(KeyUnavailable, match="never made there"):
        token.wrapping()
    token.create()
    token.create()
    sealed = token.wrapping().encrypt(b"a data key", b"values.1")
    token.rotate()
    assert (token.facts().version, token.facts().versions) == ("2", 2)
    assert token.wrapping().encrypt(b"x", b"")[:4] != sealed[:4]
    assert token.wrapping().decrypt(sealed, b"values.1") == b"a data key"
    with pytest.raises(tink.TinkError):
        token.wrapping().decrypt(sealed, b"values.2")
    with token._session() as session:
        for key in token._keys(session):
            with pytest.raises(pkcs11.PKCS11Error):
                _ = key[pkcs11.Attribute.VALUE]
    keyset = new_keyset(Purpose.VALUES)
    wrapped = tink.proto_keyset_format.serialize_encrypted(keyset, token.wrapping(), b"")
    assert (
        tink.proto_keyset_format.parse_encrypted(wrapped, token.wrapping(), b"").keyset_info() == keyset.keyset_info()
    )
    (tmp_path / "pin").write_text("0000")
    with pytest.raises(KeyUnavailable, match="does not answer"):
        token.facts()
    (tmp_path / "pin").write_text("1234")
    token.revoke()
    with pytest.raises(KeyUnavailable):
        token.wrapping()


def test_the_file_is_private_rotates_and_is_destroyed(tmp_path):
    path = tmp_path / "keys" / "master.key"
    key = FileKey(path)
    key.create()
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key.create()
    assert path.read_text() == text
    sealed = key.wrapping().encrypt(b"x", b"")
    key.rotate()
    assert key.facts().versions == 2
    assert key.wrapping().decrypt(sealed, b"") == b"x"
    path.chmod(0o644)
    with pytest.raises(KeyUnavailable, match="chmod 600"):
        key.wrapping()
    path.chmod(0o600)
    key.revoke()
    assert not path.exists()
    path.write_text(text)  # somebody's copy
    path.chmod(0o600)
    for use in (key.wrapping, key.create, key.rotate):
        with pytest.raises(KeyRevoked):
            use()


@pytest.mark.parametrize(("needed", "made"), [(2, 2), (2, 3), (3, 5), (16, 16)])
def test_any_k_of_n_shares_rebuild_a_secret_and_fewer_do_not(needed, made):
    secret = new_secret()
    lines = split(secret, threshold=needed, shares=made)
    assert len({*lines}) == made
    for _ in range(3):
        assert combine(random.sample(lines, needed)) == secret
    with pytest.raises(WrongShares):
        combine(random.sample(lines, needed - 1))


def test_shares_copied_from_paper():
    """Numbers, capitals and line ends do not matter; a wrong word is found, and in which share."""
    secret = new_secret()
    lines = split(secret, threshold=2, shares=3)
    typed = "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(lines[1].split(), start=1))
    assert combine([lines[0], typed]) == secret
    words = lines[1].split()
    words[5] = "academic" if words[5] != "academic" else "acid"
    with pytest.raises(WrongShares) as wrong:
        combine([lines[0], " ".join(words)])
    assert wrong.value.position == 1
    with pytest.raises(WrongShares, match="one ceremony"):
        combine([lines[0], split(secret, threshold=2, shares=3)[1]])
    with pytest.raises(WrongShares, match="different shares"):
        combine([lines[0], lines[0]])
    for needed, made in [(1, 3), (4, 3), (2, 17)]:
        with pytest.raises(ValueError, match="at least 2"):
            split(secret, threshold=needed, shares=made)


def test_a_keyset_sealed_for_the_recovery_secret_opens_by_it_alone():
    secret, public = new_recovery()
    keyset = new_keyset(Purpose.FILES)
    sealed = seal_for_recovery(keyset, Purpose.FILES, 3, public)
    assert open_by_recovery(sealed, Purpose.FILES, 3, public, secret).keyset_info() == keyset.keyset_info()
    for purpose, generation, by in [
        (Purpose.FILES, 2, secret),
        (Purpose.VALUES, 3, secret),
        (Purpose.FILES, 3, new_secret()),
    ]:
        with pytest.raises(WrongShares):
            open_by_recovery(sealed, purpose, generation, public, by)
