"""Personal values: the table shows ciphertext, the master key stays outside, keys rotate."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from keyservice.holding import KeyUnavailable
from pavillon.core.encryption import cipher
from pavillon.security import actions, keys
from pavillon.security.enums import Purpose
from pavillon.security.keys import Keyring, TinkCipher, Unreadable, is_signed, keyring, sign
from pavillon.security.master import MasterKeyMissing, source
from pavillon.security.models import DataKey

CONTEXT = "directory_contact.email"


def test_two_equal_values_never_look_equal(db):
    assert cipher().encrypt(b"same", CONTEXT) != cipher().encrypt(b"same", CONTEXT)


def test_a_value_moved_to_another_column_does_not_open(db):
    sealed = cipher().encrypt(b"claire@atelier.example", CONTEXT)
    with pytest.raises(Unreadable, match=r"directory_contact\.phone"):
        cipher().decrypt(sealed, "directory_contact.phone")


def test_an_altered_value_does_not_open(db):
    sealed = bytearray(cipher().encrypt(b"claire@atelier.example", CONTEXT))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        cipher().decrypt(bytes(sealed), CONTEXT)


def test_rotate_data_key(db, django_capture_on_commit_callbacks):
    """New values use the new key, old ones still open, and a ring that slept through it finds out by itself."""
    asleep = Keyring()
    before = cipher().encrypt(b"old", CONTEXT)
    asleep.ring(Purpose.VALUES)
    with django_capture_on_commit_callbacks(execute=True):
        key = actions.rotate_data_key(purpose=Purpose.VALUES, by=None, reason="yearly")
    # The rotation is in this test's transaction; the ring loads over its own connection and cannot see it.
    assert key.generation == DataKey.objects.filter(purpose=Purpose.VALUES).count()
    assert cipher().decrypt(before, CONTEXT) == b"old"


@pytest.mark.django_db(transaction=True)
def test_other_processes_notice_a_rotation(monkeypatch):
    """A process that loaded its keys before a rotation opens what was written after it."""
    before = cipher().encrypt(b"old", CONTEXT)
    asleep = Keyring()
    asleep.ring(Purpose.VALUES)
    actions.rotate_data_key(purpose=Purpose.VALUES, by=None, reason="yearly")
    after = cipher().encrypt(b"new", CONTEXT)
    assert before[:5] != after[:5]
    monkeypatch.setattr(keys, "keyring", asleep)
    assert TinkCipher().decrypt(after, CONTEXT) == b"new"
    assert TinkCipher().decrypt(before, CONTEXT) == b"old"
    assert TinkCipher().encrypt(b"newer", CONTEXT)[:5] == after[:5]


@pytest.mark.django_db(transaction=True)
def test_log_digests_survive_a_rotation():
    old = sign(b"line")
    actions.rotate_data_key(purpose=Purpose.LOG, by=None, reason="yearly")
    assert is_signed(old, b"line")
    assert is_signed(sign(b"line"), b"line")
    assert not is_signed(old, b"other line")


def test_the_key_of_search_digests_does_not_rotate(db):
    with pytest.raises(actions.IndexKeyCannotRotate):
        actions.rotate_data_key(purpose=Purpose.INDEX, by=None, reason="yearly")


@pytest.mark.django_db(transaction=True)
def test_a_key_outlives_the_transaction_that_first_needed_it():
    """A request that rolls back must not take with it a key that others already use."""
    try:
        with transaction.atomic():
            sealed = cipher().encrypt(b"kept", CONTEXT)
            raise InterruptedError
    except InterruptedError:
        pass
    keyring.forget()
    assert cipher().decrypt(sealed, CONTEXT) == b"kept"


@pytest.mark.django_db(transaction=True)
def test_two_first_starts_agree_on_one_key(tmp_path, settings):
    """Two processes that start on an empty database at the same moment make one master key and one data key."""
    DataKey.objects.all().delete()
    settings.MASTER_KEY_FILE = tmp_path / "keys" / "master.key"
    rings = [Keyring() for _ in range(2)]
    opened, gate = [], threading.Barrier(2)

    def start(ring):
        gate.wait()
        opened.append(ring.ring(Purpose.VALUES).primitive)
        connections.close_all()

    threads = [threading.Thread(target=start, args=[ring]) for ring in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened[1].decrypt(opened[0].encrypt(b"one", b""), b"") == b"one"


def test_a_missing_master_key_says_what_to_do(tmp_path, settings):
    settings.MASTER_KEY_FILE = tmp_path / "master.key"
    with pytest.raises(KeyUnavailable, match=r"PAVILLON_MASTER_KEY_FILE.*keys create"):
        source().wrapping()


def test_the_wrong_master_key_opens_nothing(db, tmp_path, settings):
    """With another installation's key file the data keys stay shut, and the message says which file is needed."""
    cipher().encrypt(b"x", CONTEXT)
    settings.MASTER_KEY_FILE = tmp_path / "master.key"
    source().create()
    with pytest.raises(MasterKeyMissing, match="does not open data key"):
        Keyring().ring(Purpose.VALUES)


@pytest.mark.django_db(transaction=True)
def test_no_master_key_is_made_where_the_settings_forbid_it(tmp_path, settings):
    DataKey.objects.all().delete()
    settings.CREATE_MASTER_KEY = False
    settings.MASTER_KEY_FILE = tmp_path / "master.key"
    with pytest.raises(MasterKeyMissing):
        cipher().encrypt(b"x", CONTEXT)
    assert not DataKey.objects.exists()
    call_command("keys", "create")
    assert cipher().decrypt(cipher().encrypt(b"x", CONTEXT), CONTEXT) == b"x"
    with pytest.raises(CommandError, match="already has data keys"):
        call_command("keys", "create")


def test_keys_are_loaded_without_touching_the_page_s_count_of_statements(db, django_assert_num_queries):
    keyring.forget()
    with django_assert_num_queries(0):
        cipher().encrypt(b"x", CONTEXT)
