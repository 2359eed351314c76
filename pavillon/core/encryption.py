"""Where encrypted columns and files find their cipher. The keys are the business of `security`."""

from contextvars import ContextVar
from typing import Any, BinaryIO, Protocol


class DataLocked(Exception):
    """The keys are not to be had: their holder is away, or revoked them. Nothing is lost, nothing can be read."""


class Cipher(Protocol):
    """Authenticated encryption and keyed digests. All raise DataLocked.

    `context` ("table.column") binds a value to its place: a ciphertext moved elsewhere does not open. What the entrance
    needs (`for_entrance`) opens also while data are locked: their holders must get in to unlock them.
    """

    def encrypt(self, plain: bytes, context: str, *, for_entrance: bool = False) -> bytes: ...
    def decrypt(self, sealed: bytes, context: str, *, for_entrance: bool = False) -> bytes: ...
    def blind_index(self, plain: bytes, context: str) -> bytes: ...
    def seal_file(self, source: BinaryIO, destination: BinaryIO, context: str) -> None: ...
    def open_file(self, source: BinaryIO, context: str) -> BinaryIO: ...
    def is_locked(self) -> bool: ...


_cipher: list[Cipher] = []
# Whether what is under way (a request, a job) met a value that it could not open.
_met: ContextVar[bool] = ContextVar("met_locked_values", default=False)


def use_cipher(cipher: Cipher) -> None:
    _cipher[:] = [cipher]


def cipher() -> Cipher:
    """The cipher in use. Raises RuntimeError when `security` provided none."""
    if not _cipher:
        raise RuntimeError("No cipher: pavillon.security must be installed")
    return _cipher[0]


def met_locked_values(met: bool | None = None) -> bool:
    """Whether a sealed value was shown as locked since the last `met_locked_values(False)`."""
    if met is not None:
        _met.set(met)
    return _met.get()


FILE_MARK = b"PVF1"
# What is shown in the place of a value that cannot be opened.
LOCKED = "••••••"


def _locked(*_args: Any, **_options: Any) -> Any:
    raise DataLocked


class LockedText(str):
    """Stands for a value that cannot be opened now. It can be shown and stored again, never read, sent or changed."""

    sealed: str

    def __new__(cls, sealed: str) -> "LockedText":
        shown = super().__new__(cls, LOCKED)
        shown.sealed = sealed
        met_locked_values(True)
        return shown

    def __html__(self) -> str:
        return LOCKED

    encode = strip = lower = upper = casefold = split = partition = rpartition = replace = _locked
