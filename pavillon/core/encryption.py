"""Where encrypted columns find their cipher. The keys are the business of `security`."""

from typing import Protocol


class Cipher(Protocol):
    """Authenticated encryption and keyed digests.

    `context` ("table.column") binds a value to its place: a ciphertext moved elsewhere does not open.
    """

    def encrypt(self, plain: bytes, context: str) -> bytes: ...
    def decrypt(self, sealed: bytes, context: str) -> bytes: ...
    def blind_index(self, plain: bytes, context: str) -> bytes: ...


_cipher: list[Cipher] = []


def use_cipher(cipher: Cipher) -> None:
    _cipher[:] = [cipher]


def cipher() -> Cipher:
    """The cipher in use. Raises RuntimeError when `security` provided none."""
    if not _cipher:
        raise RuntimeError("No cipher: pavillon.security must be installed")
    return _cipher[0]
