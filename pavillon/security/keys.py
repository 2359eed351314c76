"""The ring of data keys: wrapped in the database, open only in memory, for a minute at a time.

Keys are loaded over a connection of their own: a transaction that rolls back never takes a new key with it,
and a page's count of statements does not depend on the age of the ring.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import tink
from django.conf import settings
from django.db import connection
from tink import aead, mac, prf, secret_key_access

from pavillon.security.enums import Purpose
from pavillon.security.master import KeySource, MasterKeyMissing, source

aead.register()
mac.register()
prf.register()

_KINDS = {
    Purpose.VALUES: (aead.aead_key_templates.AES256_GCM, aead.Aead),
    Purpose.INDEX: (prf.prf_key_templates.HMAC_SHA256, prf.PrfSet),
    Purpose.LOG: (mac.mac_key_templates.HMAC_SHA256_256BITTAG, mac.Mac),
}
DIGEST_BYTES = 32


class Unreadable(Exception):
    """A ciphertext was altered, moved to another column, or its key was revoked."""


@dataclass(frozen=True)
class Ring:
    """The opened keyset of one purpose."""

    generation: int
    primitive: Any
    key_ids: frozenset[int]
    loaded_at: float


def _associated(purpose: str, generation: int) -> bytes:
    """Binds a wrapped keyset to its row: an older one put in its place does not open."""
    return f"pavillon.data-key.{purpose}.{generation}".encode()


def wrap(handle: tink.KeysetHandle, purpose: str, generation: int, master: aead.Aead) -> bytes:
    return tink.proto_keyset_format.serialize_encrypted(handle, master, _associated(purpose, generation))


def unwrap(wrapped: bytes, purpose: str, generation: int, master: aead.Aead) -> tink.KeysetHandle:
    """Raises MasterKeyMissing when this master key does not open it."""
    try:
        return tink.proto_keyset_format.parse_encrypted(wrapped, master, _associated(purpose, generation))
    except tink.TinkError:
        raise MasterKeyMissing(
            f"The master key does not open data key {purpose}/{generation}. Put back the key file that was in use "
            "when this database was filled (PAVILLON_MASTER_KEY_FILE); without it encrypted values stay unreadable."
        ) from None


def new_keyset(purpose: str) -> tink.KeysetHandle:
    return tink.new_keyset_handle(_KINDS[Purpose(purpose)][0])


def with_new_primary(handle: tink.KeysetHandle, purpose: str) -> tink.KeysetHandle:
    """The same keys and a new one that all new data use; the old ones still open what they closed."""
    form, token = tink.json_proto_keyset_format, secret_key_access.TOKEN
    old = json.loads(form.serialize(handle, token))
    taken = {key["keyId"] for key in old["key"]}
    while True:
        new = json.loads(form.serialize(new_keyset(purpose), token))
        if new["primaryKeyId"] not in taken:
            break
    return form.parse(json.dumps({"primaryKeyId": new["primaryKeyId"], "key": [*old["key"], *new["key"]]}), token)


@contextmanager
def _own_connection() -> Iterator[Any]:
    """A short connection in autocommit, outside the pool and outside the caller's transaction."""
    own = connection.copy()
    own.settings_dict["OPTIONS"] = {k: v for k, v in own.settings_dict["OPTIONS"].items() if k != "pool"}
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()


class Keyring:
    """Opens data keys once a process and checks every `KEY_RECHECK_SECONDS` whether they changed."""

    def __init__(self, master: KeySource | None = None) -> None:
        self._master = master
        self._lock = threading.Lock()
        self._rings: dict[str, Ring] = {}

    def forget(self) -> None:
        """Drop the open keys; the next use loads them again."""
        with self._lock:
            self._rings = {}

    def ring(self, purpose: Purpose, *, key_id: int | None = None) -> Ring:
        """The keys of one purpose. A `key_id` that is not among them makes the ring look again, once."""
        ring = self._rings.get(purpose)
        stale = ring is None or time.monotonic() - ring.loaded_at > settings.KEY_RECHECK_SECONDS
        if stale or (key_id is not None and ring and key_id not in ring.key_ids):
            with self._lock:
                # Somebody else may have loaded while we waited.
                if self._rings.get(purpose) is ring:
                    self._rings = self._load()
                return self._rings[purpose]
        assert ring is not None
        return ring

    def _load(self) -> dict[str, Ring]:
        master_source = self._master or source()
        with _own_connection() as cursor:
            rows = self._rows(cursor)
            missing = [purpose for purpose in Purpose.values if purpose not in rows]
            if missing:
                self._create(cursor, missing, master_source, first=not rows)
                rows = self._rows(cursor)
        master, now = master_source.wrapping(), time.monotonic()
        rings = {}
        for purpose, (generation, wrapped) in rows.items():
            known = self._rings.get(purpose)
            if known and known.generation == generation:
                rings[purpose] = Ring(generation, known.primitive, known.key_ids, now)
                continue
            handle = unwrap(wrapped, purpose, generation, master)
            ids = frozenset(key.key_id for key in handle.keyset_info().key_info)
            rings[purpose] = Ring(generation, handle.primitive(_KINDS[Purpose(purpose)][1]), ids, now)
        return rings

    @staticmethod
    def _rows(cursor: Any) -> dict[str, tuple[int, bytes]]:
        cursor.execute(
            "SELECT DISTINCT ON (purpose) purpose, generation, wrapped FROM security_datakey"
            " ORDER BY purpose, generation DESC"
        )
        return {purpose: (generation, bytes(wrapped)) for purpose, generation, wrapped in cursor.fetchall()}

    @staticmethod
    def _create(cursor: Any, purposes: list[str], master_source: KeySource, *, first: bool) -> None:
        """The first keys of a new installation. Two processes at once: one wins, both then read the winner's."""
        if first and settings.CREATE_MASTER_KEY:
            master_source.create()
        master = master_source.wrapping()
        for purpose in purposes:
            cursor.execute(
                "INSERT INTO security_datakey (purpose, generation, wrapped, reason, created_at)"
                " VALUES (%s, 1, %s, 'first key', now()) ON CONFLICT DO NOTHING",
                [purpose, wrap(new_keyset(purpose), purpose, 1, master)],
            )


keyring = Keyring()


class TinkCipher:
    """What `core.encryption` asks for, with the keys of the ring."""

    def encrypt(self, plain: bytes, context: str) -> bytes:
        return keyring.ring(Purpose.VALUES).primitive.encrypt(plain, context.encode())

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """Raises Unreadable."""
        # Tink writes one version byte and the key's number before each ciphertext.
        ring = keyring.ring(Purpose.VALUES, key_id=int.from_bytes(sealed[1:5], "big"))
        try:
            return ring.primitive.decrypt(sealed, context.encode())
        except tink.TinkError:
            raise Unreadable(f"A value of {context} does not open: altered, moved, or its key is gone.") from None

    def blind_index(self, plain: bytes, context: str) -> bytes:
        prfs = keyring.ring(Purpose.INDEX).primitive.primary()
        return prfs.compute(context.encode() + b"\0" + plain, DIGEST_BYTES)


def sign(content: bytes) -> bytes:
    """The keyed digest of a log's line: 5 bytes that name the key, then HMAC-SHA256."""
    return keyring.ring(Purpose.LOG).primitive.compute_mac(content)


def is_signed(digest: bytes, content: bytes) -> bool:
    """Whether we made this digest, of exactly this content, with any key of the ring."""
    ring = keyring.ring(Purpose.LOG, key_id=int.from_bytes(digest[1:5], "big"))
    try:
        ring.primitive.verify_mac(digest, content)
    except tink.TinkError:
        return False
    return True
