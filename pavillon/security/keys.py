"""The ring of data keys: wrapped in the database, open only in memory, for `KEY_LIFETIME_SECONDS` at most.

Keys are loaded over a connection of their own: a transaction that rolls back never takes a new key with it,
and a page's count of statements does not depend on the age of the ring.

Two groups of keys: those that the key-holders' master key opens (`HELD`) and those that the platform keeps open by
itself (`KEPT`). While the first are locked, the second go on: people sign in, pages open, logs are signed.
"""

import io
import os
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, BinaryIO

import tink
from django.conf import settings

from keyservice.holding import KeyRevoked, KeyUnavailable
from pavillon.core.encryption import FILE_MARK, DataLocked
from pavillon.security.connecting import own_connection
from pavillon.security.enums import HELD, KEPT, Purpose, Source
from pavillon.security.hearing import Ear
from pavillon.security.keysets import new_keyset, primitive_of, unwrap, wrap
from pavillon.security.master import MasterKeyMissing, source

DIGEST_BYTES = 32


class Unreadable(Exception):
    """A ciphertext was altered, moved to another place, or its key is gone."""


@dataclass(frozen=True)
class Ring:
    """The opened keyset of one purpose; the moments are of the monotonic clock."""

    generation: int
    primitive: Any
    key_ids: frozenset[int]
    primary: int
    opened_at: float
    checked_at: float


@dataclass(frozen=True)
class Row:
    """The last generation of a data key, as the database has it."""

    generation: int
    wrapped: bytes
    source: str
    is_revoked: bool


Rows = dict[str, Row]


class Keyring:
    """Opens data keys once a process, looks every `KEY_RECHECK_SECONDS` whether they changed, and asks their holder
    again before `KEY_LIFETIME_SECONDS` are over."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._rings: dict[str, Ring] = {}
        self._locked: tuple[float, DataLocked] | None = None
        self._opened: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        self._ear: tuple[int, Ear] | None = None

    def forget(self) -> None:
        """Drop the open keys; the next use loads them again."""
        with self._lock:
            self._rings, self._locked = {}, None

    def drop_old(self) -> None:
        """Drop keys that nobody asked for again within their life, and write down what was used."""
        with self._lock:
            now = time.monotonic()
            self._rings = {
                purpose: ring
                for purpose, ring in self._rings.items()
                if purpose in KEPT or now - ring.opened_at <= settings.KEY_LIFETIME_SECONDS
            }
            if sum(self._used.values()):
                self.note_uses()

    def ring(self, purpose: Purpose, *, key_id: int | None = None) -> Ring:
        """The keys of one purpose. A `key_id` that is not among them makes the ring look again, once.

        Raises DataLocked when they are not to be had; for a moment the next callers are told so without another try.
        """
        ring = self._rings.get(purpose)
        if not self._is_fresh(purpose, ring, key_id):
            with self._lock:
                # Somebody else may have loaded while we waited.
                if self._rings.get(purpose) is ring:
                    self._load(HELD if purpose in HELD else KEPT)
                ring = self._rings[purpose]
        assert ring is not None
        self._used[purpose] += 1
        return ring

    def _is_fresh(self, purpose: Purpose, ring: Ring | None, key_id: int | None) -> bool:
        if ring is None:
            return False
        now = time.monotonic()
        if purpose in HELD and now - ring.opened_at > settings.KEY_LIFETIME_SECONDS:
            return False
        return now - ring.checked_at <= settings.KEY_RECHECK_SECONDS and (key_id is None or key_id in ring.key_ids)

    def _load(self, group: tuple[Purpose, ...]) -> None:
        if group is HELD and self._locked:
            until, why = self._locked
            if time.monotonic() < until:
                raise why
        self._listen()
        rows: Rows = {}
        try:
            with own_connection() as cursor:
                self._note_uses(cursor)
                rows = self._rows(cursor)
                rows = self._complete(cursor, rows, group)
            self._rings |= {purpose: self._open(purpose, rows[purpose]) for purpose in group}
            self._locked = None if group is HELD else self._locked
        except (KeyUnavailable, DataLocked) as error:
            if group is KEPT:
                raise MasterKeyMissing(str(error)) from None
            self._keep_or_lock(error, rows)

    def _keep_or_lock(self, error: Exception, rows: Rows) -> None:
        """A holder that does not answer is asked again soon; until then what was opened lives its life, no longer."""
        now, soon = time.monotonic(), settings.KEY_RETRY_SECONDS
        known = [self._rings.get(purpose) for purpose in HELD]
        if isinstance(error, KeyUnavailable) and not isinstance(error, KeyRevoked):
            alive = [
                ring
                for purpose, ring in zip(HELD, known, strict=True)
                if ring
                and purpose in rows
                and ring.generation == rows[purpose].generation
                and now - ring.opened_at <= settings.KEY_LIFETIME_SECONDS
            ]
            if len(alive) == len(HELD):
                for purpose, ring in zip(HELD, alive, strict=True):
                    again = now - settings.KEY_RECHECK_SECONDS + soon
                    self._rings[purpose] = Ring(
                        ring.generation, ring.primitive, ring.key_ids, ring.primary, ring.opened_at, again
                    )
                return
        for purpose in HELD:
            self._rings.pop(purpose, None)
        why = error if isinstance(error, DataLocked) else MasterKeyMissing(str(error))
        self._locked = (now + soon, why)
        raise why from None

    def _open(self, purpose: Purpose, row: Row) -> Ring:
        now, known = time.monotonic(), self._rings.get(purpose)
        if row.is_revoked:
            raise MasterKeyMissing("The key-holders revoked the keys: only their recovery shares open the data again.")
        lifetime = settings.KEY_LIFETIME_SECONDS if purpose in HELD else float("inf")
        # At half its life a key is asked for again, so that a holder's short absence is not felt.
        if known and known.generation == row.generation and now - known.opened_at <= lifetime / 2:
            return Ring(known.generation, known.primitive, known.key_ids, known.primary, known.opened_at, now)
        handle = unwrap(row.wrapped, purpose, row.generation, source(row.source).wrapping())
        info = handle.keyset_info()
        self._opened[purpose] += 1
        ids = frozenset(key.key_id for key in info.key_info)
        return Ring(row.generation, primitive_of(handle, purpose), ids, info.primary_key_id, now, now)

    @staticmethod
    def _rows(cursor: Any) -> Rows:
        cursor.execute(
            "SELECT DISTINCT ON (purpose) purpose, generation, wrapped, source, revoked_at IS NOT NULL"
            " FROM security_datakey ORDER BY purpose, generation DESC"
        )
        return {purpose: Row(number, bytes(wrapped), *rest) for purpose, number, wrapped, *rest in cursor.fetchall()}

    def _complete(self, cursor: Any, rows: Rows, group: tuple[Purpose, ...]) -> Rows:
        """Make what is missing in a group. Two processes at once: one wins, both then read the winner's."""
        made = False
        held = [rows[purpose] for purpose in HELD if purpose in rows]
        for purpose in group:
            row = rows.get(purpose)
            if row is None:
                where = self._where(purpose, rows, held)
                self._insert(cursor, purpose, 1, new_keyset(purpose), where, "first key")
                made = True
            elif purpose in KEPT and row.source != Source.LOCAL:
                # Of before the two groups were parted: the same keys, wrapped apart.
                handle = unwrap(row.wrapped, purpose, row.generation, source(row.source).wrapping())
                where = self._where(purpose, rows, held)
                self._insert(cursor, purpose, row.generation + 1, handle, where, "kept apart from the master key")
                made = True
        return self._rows(cursor) if made else rows

    @staticmethod
    def _where(purpose: Purpose, rows: Rows, held: list[Row]) -> Source:
        """The source that wraps a first key; makes its master key where that may be made."""
        if purpose in KEPT:
            if not any(row.source == Source.LOCAL for row in rows.values()):
                source(Source.LOCAL).create()
            return Source.LOCAL
        if held:
            return Source(held[0].source)
        if settings.CREATE_MASTER_KEY:
            source().create()
        return Source(settings.KEY_SOURCE)

    @staticmethod
    def _insert(
        cursor: Any, purpose: str, generation: int, handle: tink.KeysetHandle, where: Source, reason: str
    ) -> None:
        wrapped = wrap(handle, purpose, generation, source(where).wrapping())
        cursor.execute(
            "INSERT INTO security_datakey (purpose, generation, wrapped, source, reason, created_at)"
            " VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING",
            [purpose, generation, wrapped, where.value, reason],
        )

    def note_uses(self) -> None:
        """Write down now how often keys were opened and used in this process."""
        with self._lock, own_connection() as cursor:
            self._note_uses(cursor)

    def _note_uses(self, cursor: Any) -> None:
        opened, used = self._opened, self._used
        self._opened, self._used = Counter(), Counter()
        for purpose in {*opened, *used}:
            cursor.execute(
                "INSERT INTO security_keyuse (purpose, hour, opened, used, last_at)"
                " VALUES (%s, date_trunc('hour', now()), %s, %s, now()) ON CONFLICT (purpose, hour) DO UPDATE SET"
                " opened = security_keyuse.opened + excluded.opened, used = security_keyuse.used + excluded.used,"
                " last_at = excluded.last_at",
                [str(purpose), opened[purpose], used[purpose]],
            )

    def _listen(self) -> None:
        """An ear a process: a fork has no threads of its parent."""
        if settings.KEY_LISTEN and (self._ear is None or self._ear[0] != os.getpid()):
            self._ear = (os.getpid(), Ear(self.forget, self.drop_old))
            self._ear[1].start()


keyring = Keyring()


class TinkCipher:
    """What `core.encryption` asks for, with the keys of the ring."""

    def encrypt(self, plain: bytes, context: str, *, for_entrance: bool = False) -> bytes:
        purpose = Purpose.ENTRANCE if for_entrance else Purpose.VALUES
        return keyring.ring(purpose).primitive.encrypt(plain, context.encode())

    def decrypt(self, sealed: bytes, context: str, *, for_entrance: bool = False) -> bytes:
        """Raises Unreadable and DataLocked."""
        # Tink writes one version byte and the key's number before each ciphertext.
        key_id = int.from_bytes(sealed[1:5], "big")
        ring = keyring.ring(Purpose.ENTRANCE) if for_entrance else None
        if ring is None or key_id not in ring.key_ids:
            ring = keyring.ring(Purpose.VALUES, key_id=key_id)
        try:
            return ring.primitive.decrypt(sealed, context.encode())
        except tink.TinkError:
            raise Unreadable(f"A value of {context} does not open: altered, moved, or its key is gone.") from None

    def blind_index(self, plain: bytes, context: str) -> bytes:
        prfs = keyring.ring(Purpose.INDEX).primitive.primary()
        return prfs.compute(context.encode() + b"\0" + plain, DIGEST_BYTES)

    def seal_file(self, source: BinaryIO, destination: BinaryIO, context: str) -> None:
        """A mark, the key's number, then segments of AES-256-GCM bound to the context. `destination` stays open."""
        ring = keyring.ring(Purpose.FILES)
        head = FILE_MARK + ring.primary.to_bytes(4, "big")
        destination.write(head)
        with ring.primitive.new_encrypting_stream(_Open(destination), head + context.encode()) as stream:
            while piece := source.read(1 << 20):
                stream.write(piece)

    def open_file(self, source: BinaryIO, context: str) -> BinaryIO:
        """What `seal_file` wrote; a file without its mark is of before, and is given as it is. Raises DataLocked.

        Reading what it returns raises Unreadable where a segment was altered, and at the end of a file cut short.
        """
        head = source.read(8)
        if head[: len(FILE_MARK)] != FILE_MARK:
            source.seek(0)
            return source
        ring = keyring.ring(Purpose.FILES, key_id=int.from_bytes(head[4:], "big"))
        inner = ring.primitive.new_decrypting_stream(source, head + context.encode())
        return io.BufferedReader(_Reading(inner, context), 1 << 16)  # type: ignore[return-value]

    def is_locked(self) -> bool:
        try:
            keyring.ring(Purpose.VALUES)
        except DataLocked:
            return True
        return False


class _Open(io.RawIOBase):
    """A file that the stream above it does not close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        return self._file.write(piece)


class _Reading(io.RawIOBase):
    """A deciphering stream whose refusals have our name."""

    def __init__(self, inner: Any, context: str) -> None:
        self._inner, self._context = inner, context

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._inner.read(len(buffer))
        except (tink.TinkError, OSError, ValueError):
            raise Unreadable(f"The file {self._context} does not open: altered, moved, or its key is gone.") from None
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._inner.close()
        super().close()


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
