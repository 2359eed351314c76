"""The master key of a key service: asked over HTTPS with certificates on both sides, never held here."""

import base64
import http.client
import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tink
from tink import aead

from keyservice.holding import Facts, KeyRevoked, KeyUnavailable

PATIENCE = 4.0


class ServiceKey:
    """`url` of the service, `authority` that signed its certificate, and the certificate by which we are let in."""

    def __init__(self, *, url: str, authority: str | Path, certificate: str | Path, private_key: str | Path) -> None:
        self.place = url
        self._files = (authority, certificate, private_key)

    def wrapping(self) -> aead.Aead:
        return _Wrapping(self)

    def facts(self) -> Facts:
        return Facts(**self._ask("GET", "state"))

    def create(self) -> None:
        self._ask("POST", "create")

    def replace(self) -> None:
        self._ask("POST", "replace")

    def rotate(self) -> None:
        self._ask("POST", "rotate")

    def revoke(self) -> None:
        self._ask("POST", "revoke")

    def turn(self, what: str, data: bytes, context: bytes) -> bytes:
        """Wrap or unwrap. Raises KeyUnavailable, KeyRevoked, TinkError."""
        answer = self._ask("POST", what, {"data": base64.b64encode(data).decode(), "context": context.decode()})
        return base64.b64decode(answer["data"])

    def _ask(self, method: str, what: str, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        where = urlsplit(self.place)
        authority, certificate, private_key = self._files
        try:
            tls = ssl.create_default_context(cafile=str(authority))
            tls.minimum_version = ssl.TLSVersion.TLSv1_3
            tls.load_cert_chain(certificate, private_key)
            line = http.client.HTTPSConnection(where.hostname or "", where.port or 443, timeout=PATIENCE, context=tls)
            try:
                line.request(method, f"/v1/{what}", json.dumps(asked or {}), {"Content-Type": "application/json"})
                answer = line.getresponse()
                status, body = answer.status, json.loads(answer.read() or b"{}")
            finally:
                line.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise KeyUnavailable(f"The key service {self.place} does not answer: {error}") from None
        if status == 409:
            raise KeyRevoked(body["error"])
        if status == 422:
            raise tink.TinkError(body["error"])
        if status != 200:
            raise KeyUnavailable(f"The key service {self.place} refuses: {body.get('error', status)}")
        return dict(body)


class _Wrapping(aead.Aead):
    """The service as Tink expects the key that wraps keysets."""

    def __init__(self, service: ServiceKey) -> None:
        self._service = service

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        return self._service.turn("wrap", plaintext, associated_data)

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        return self._service.turn("unwrap", ciphertext, associated_data)
