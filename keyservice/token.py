"""A master key in a hardware module, spoken to by PKCS#11 (Thales, Entrust, Utimaco, YubiHSM, SoftHSM…).

The key is made in the module, cannot be taken out of it, and encrypts there (AES-256-GCM). A ciphertext begins with the
number of the key's version, four bytes.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tink
from tink import aead

from keyservice.holding import Facts, KeyUnavailable

NONCE = 12


class TokenKey:
    """Keys named `label` in a token of a PKCS#11 module; the PIN lies in a file that only this account reads."""

    def __init__(self, *, module: Path, token: str, pin_file: Path, label: str = "pavillon-master") -> None:
        self.module, self.token, self.pin_file, self.label = module, token, pin_file, label
        self.place = f"PKCS#11 {token} ({module.name})"

    def wrapping(self) -> aead.Aead:
        with self._session() as session:
            self._newest(session)
        return _Wrapping(self)

    def facts(self) -> Facts:
        with self._session() as session:
            keys = self._keys(session)
            return Facts(version=str(_number(self._newest(session))), versions=len(keys))

    def create(self) -> None:
        with self._session() as session:
            if not self._keys(session):
                self._generate(session, 1)

    def replace(self) -> None:
        self.create()

    def rotate(self) -> None:
        with self._session() as session:
            self._generate(session, _number(self._newest(session)) + 1)

    def revoke(self) -> None:
        with self._session() as session:
            for key in self._keys(session):
                key.destroy()

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        from pkcs11 import Mechanism
        from pkcs11.mechanisms import GCMParams

        with self._session() as session:
            key, nonce = self._newest(session), secrets.token_bytes(NONCE)
            sealed: bytes = key.encrypt(
                plain, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context or None)
            )
            return _number(key).to_bytes(4, "big") + nonce + sealed

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """Raises TinkError when the ciphertext is not of this key and context."""
        from pkcs11 import Mechanism, PKCS11Error
        from pkcs11.mechanisms import GCMParams

        number, nonce, body = int.from_bytes(sealed[:4], "big"), sealed[4 : 4 + NONCE], sealed[4 + NONCE :]
        with self._session() as session:
            for key in self._keys(session):
                if _number(key) == number:
                    try:
                        plain: bytes = key.decrypt(
                            body, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context or None)
                        )
                    except PKCS11Error as error:
                        raise tink.TinkError(f"does not open: {error}") from None
                    return plain
        raise tink.TinkError(f"version {number} of the key is not in the token")

    @contextmanager
    def _session(self) -> Iterator[Any]:
        import pkcs11

        try:
            pin = self.pin_file.read_text().strip()
        except OSError as error:
            raise KeyUnavailable(f"The PIN of the token is not readable: {error}") from None
        try:
            token = pkcs11.lib(str(self.module)).get_token(token_label=self.token)
            session = token.open(rw=True, user_pin=pin)
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            why = str(error) or type(error).__name__
            raise KeyUnavailable(f"The hardware module {self.place} does not answer: {why}") from None
        with session:
            yield session

    def _keys(self, session: Any) -> list[Any]:
        from pkcs11 import Attribute, ObjectClass

        wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: self.label}
        return sorted(session.get_objects(wanted), key=_number)

    def _newest(self, session: Any) -> Any:
        keys = self._keys(session)
        if not keys:
            raise KeyUnavailable(
                f"No master key {self.label} in {self.place}: it was never made there, or was revoked."
            )
        return keys[-1]

    def _generate(self, session: Any, number: int) -> None:
        from pkcs11 import Attribute, KeyType

        session.generate_key(
            KeyType.AES,
            256,
            label=self.label,
            id=number.to_bytes(4, "big"),
            store=True,
            template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )


def _number(key: Any) -> int:
    return int.from_bytes(key.id, "big")


class _Wrapping(aead.Aead):
    """The token as Tink expects the key that wraps keysets."""

    def __init__(self, key: TokenKey) -> None:
        self._key = key

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        return self._key.encrypt(plaintext, associated_data)

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        return self._key.decrypt(ciphertext, associated_data)
