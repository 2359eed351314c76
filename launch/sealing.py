"""Files of a backup, sealed for the backup key: its public half closes, only its private half opens.

Whoever makes backups therefore cannot read them: neither this machine's operator with the copies alone, nor who breaks
in later. The private half is wrapped by the agency's master key (docs/keys.md) and travels with each backup.

A sealed file is: MARK, the length of a head (4 bytes), the head as JSON, then segments of AES-256-GCM. The head holds
the key of this one file, sealed by HPKE (X25519) for the backup key. Both are bound to the name of the file.
"""

import base64
import hashlib
import io
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import tink
from tink import hybrid, secret_key_access, streaming_aead

from launch.errors import LaunchError

MARK = b"PVB1"
PIECE = 1 << 20
_JSON, _BINARY, _TOKEN = tink.json_proto_keyset_format, tink.proto_keyset_format, secret_key_access.TOKEN

hybrid.register()
streaming_aead.register()


class Damaged(LaunchError):
    """A sealed file was altered, cut short, renamed, or closed for another key."""


def draft_of(path: Path) -> Path:
    """Where a file is written before it has its name: another place for each process, since two seal the ledger."""
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def put_in_place(draft: Path, path: Path) -> None:
    """Give a file its name so that a power cut does not take it back (where the disk can promise that)."""
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(folder)
    finally:
        os.close(folder)


class _Counting(io.RawIOBase):
    """Writes through, and knows how much and with which digest. The stream above does not close the file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.digest.update(piece)
        self.size += len(piece)
        return self.file.write(piece)


class Sealing(io.RawIOBase):
    """A file being written: what is given is compressed and sealed. `size` and `sha256`: of what lies there."""

    def __init__(self, path: Path, name: str, public: str) -> None:
        self.path, self.draft = path, draft_of(path)
        self._file = self.draft.open("wb")
        self.draft.chmod(0o600)
        self._out = _Counting(self._file)
        keyset = tink.new_keyset_handle(streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
        sealing = _JSON.parse_without_secret(public).primitive(hybrid.HybridEncrypt)
        sealed = sealing.encrypt(_BINARY.serialize(keyset, _TOKEN), name.encode())
        head = json.dumps({"key": base64.b64encode(sealed).decode()}).encode()
        self._out.write(MARK + len(head).to_bytes(4, "big") + head)
        stream = keyset.primitive(streaming_aead.StreamingAead)
        self._inner = stream.new_encrypting_stream(self._out, name.encode())
        self._press = zlib.compressobj(3, wbits=31)
        self.plain = 0
        self.announce: Callable[[Sealing], None] | None = None

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.plain += len(piece)
        self._inner.write(self._press.compress(piece))
        return len(piece)

    def finish(self) -> None:
        """Close whole: only now the file has its name."""
        self._inner.write(self._press.flush())
        self._inner.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self.announce is not None:
            self.announce(self)
        put_in_place(self.draft, self.path)

    def give_up(self) -> None:
        self._file.close()
        self.draft.unlink(missing_ok=True)

    @property
    def size(self) -> int:
        return self._out.size

    @property
    def sha256(self) -> str:
        return self._out.digest.hexdigest()


@contextmanager
def sealed(path: Path, name: str, public: str) -> Iterator[Sealing]:
    """Write a sealed file: whole, or not at all."""
    writing = Sealing(path, name, public)
    try:
        yield writing
        writing.finish()
    except BaseException:
        writing.give_up()
        raise


def seal_file(
    source: Path, path: Path, name: str, public: str, announce: Callable[[Sealing], None] | None = None
) -> Sealing:
    """`announce` is called when all is written and the file has no name yet."""
    with source.open("rb") as plain, sealed(path, name, public) as writing:
        writing.announce = announce
        while piece := plain.read(PIECE):
            writing.write(piece)
    return writing


def opened(path: Path, name: str, private: str) -> Iterator[bytes]:
    """What a sealed file holds, piece by piece. Raises Damaged."""
    try:
        with path.open("rb") as file:
            if file.read(len(MARK)) != MARK:
                raise ValueError("no sealed file")
            head = json.loads(file.read(int.from_bytes(file.read(4), "big")))
            opening = _JSON.parse(private, _TOKEN).primitive(hybrid.HybridDecrypt)
            keyset = _BINARY.parse(opening.decrypt(base64.b64decode(head["key"]), name.encode()), _TOKEN)
            stream = keyset.primitive(streaming_aead.StreamingAead).new_decrypting_stream(file, name.encode())
            press = zlib.decompressobj(wbits=31)
            while piece := stream.read(PIECE):
                while piece:
                    # Empty files compress a thousand times: never more than a piece in memory.
                    yield press.decompress(piece, PIECE)
                    piece = press.unconsumed_tail
            yield press.flush()
            if not press.eof:
                raise ValueError("cut short")
    except (tink.TinkError, ValueError, KeyError, zlib.error) as error:
        raise Damaged(
            f"{path} does not open as {name}: altered, cut short, or sealed for another key ({type(error).__name__}).",
            "take the copy of another site.",
        ) from None


def open_file(path: Path, name: str, private: str, target: Path) -> None:
    """Write what a sealed file holds to `target`."""
    with target.open("wb") as out:
        for piece in opened(path, name, private):
            out.write(piece)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Pieces(io.RawIOBase):
    """An iterator of bytes as a file that is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            try:
                self._left = memoryview(next(self._pieces))
            except StopIteration:
                return 0
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


def new_keypair() -> tuple[str, str]:
    """The public half and the private half of a backup key, as JSON."""
    handle = tink.new_keyset_handle(hybrid.hybrid_key_templates.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM)
    return _JSON.serialize_without_secret(handle.public_keyset_handle()), _JSON.serialize(handle, _TOKEN)
