"""Values that a log keeps of a person: sealed under a key of the record that they are about, and gone with that key."""

import base64
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Model

from pavillon.core.encryption import cipher
from pavillon.security.keys import Unreadable

PREFIX = "pr1:"
KEY_BYTES, NONCE_BYTES = 32, 12


class Erased(Unreadable):
    """The key of the record was destroyed, because the person was erased."""


def subject_of(row: Model) -> str:
    """A record as the logs name it: "directory.contact:12"."""
    return f"{row._meta.label_lower}:{row.pk}"


def subject_in(value: Any) -> str:
    """The record whose key sealed a value, "" for a value that none did."""
    return value[len(PREFIX) :].rpartition("|")[0] if isinstance(value, str) and value.startswith(PREFIX) else ""


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def wrapped(key: bytes, subject: str) -> bytes:
    """The key as the table holds it: useless without the data keys, and beside another record."""
    return cipher().encrypt(key, f"security_recordkey.wrapped:{subject}")


def unwrapped(stored: bytes, subject: str) -> bytes:
    """Raises Unreadable."""
    return cipher().decrypt(stored, f"security_recordkey.wrapped:{subject}")


def seal(text: str, key: bytes, subject: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    closed = nonce + AESGCM(key).encrypt(nonce, text.encode(), subject.encode())
    return f"{PREFIX}{subject}|{base64.b64encode(closed).decode()}"


def open_sealed(value: str, key: bytes) -> str:
    """Raises Unreadable when the value was altered or belongs to another record."""
    subject, _bar, text = value[len(PREFIX) :].rpartition("|")
    closed = base64.b64decode(text)
    try:
        return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], subject.encode()).decode()
    except InvalidTag:
        raise Unreadable(f"A value of {subject} does not open: altered, or moved.") from None
