"""Stored files: ciphertext on the disk, the content through the product, bound to their place."""

import io
import os

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from pavillon.accounts.enums import Role
from pavillon.core.encryption import FILE_MARK, cipher
from pavillon.security import actions
from pavillon.security.keys import Unreadable
from pavillon.security.storage import SealedStorage
from pavillon.security.tests.factories import make_user


@pytest.fixture
def storage(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return SealedStorage()


def test_an_upload_is_ciphertext_on_the_disk(storage, tmp_path):
    assert isinstance(storages["default"], SealedStorage)
    content = os.urandom(3_000_000)
    name = storage.save("sent/list.csv", ContentFile(content))
    stored = (tmp_path / name).read_bytes()
    assert stored.startswith(FILE_MARK)
    assert content[:1000] not in stored
    assert storage.open(name).read() == content
    assert storage.size(name) == len(content)
    again = storage.save("sent/list.csv", ContentFile(b"another"))
    assert again != name
    assert storage.open(again).read() == b"another"
    with pytest.raises(ValueError, match="saved whole"):
        storage.open(name, "ab")


@pytest.mark.parametrize("harm", ["alter", "cut", "swap"])
def test_a_harmed_file_does_not_open(storage, tmp_path, harm):
    one = storage.save("one.txt", ContentFile(b"first " * 400_000))
    two = storage.save("two.txt", ContentFile(b"second"))
    stored = (tmp_path / one).read_bytes()
    if harm == "alter":
        stored = stored[:-20] + bytes([stored[-20] ^ 1]) + stored[-19:]
    elif harm == "cut":
        stored = stored[: len(stored) // 2]
    else:
        stored = (tmp_path / two).read_bytes()
    (tmp_path / one).write_bytes(stored)
    with pytest.raises(Unreadable):
        storage.open(one).read()
    assert storage.open(two).read() == b"second"


def test_files_and_factors_of_before_stay_readable_and_are_adopted(storage, tmp_path):
    (tmp_path / "old.txt").write_text("sent before")
    assert storage.open("old.txt").read() == b"sent before"
    user = make_user("Pierre", Role.KEY_HOLDER)
    import base64

    from pavillon.accounts.adapters import _CONTEXT, _SEALED

    old = _SEALED + base64.b64encode(cipher().encrypt(b"JBSWY3DP", _CONTEXT)).decode()
    factor = Authenticator.objects.create(user=user, type="totp", data={"secret": old})
    assert decrypt(old) == "JBSWY3DP"
    assert actions.adopt_older_data() == (1, 1)
    assert (tmp_path / "old.txt").read_bytes().startswith(FILE_MARK)
    assert storage.open("old.txt").read() == b"sent before"
    factor.refresh_from_db()
    assert factor.data["secret"] != old
    assert decrypt(factor.data["secret"]) == "JBSWY3DP"
    said = io.StringIO()
    call_command("keys", "adopt", stdout=said)
    assert said.getvalue().startswith("0 files")


def test_a_file_larger_than_a_segment_streams(db):
    sealed = io.BytesIO()
    cipher().seal_file(io.BytesIO(b"line\n" * 700_000), sealed, "a:1")
    sealed.seek(0)
    stream = cipher().open_file(sealed, "a:1")
    assert stream.read(5) == b"line\n"
    assert sum(len(piece) for piece in iter(lambda: stream.read(1 << 16), b"")) == 3_499_995
