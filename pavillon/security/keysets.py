"""Keysets of Tink: made, wrapped under a master key, opened, and sealed for the recovery secret."""

import base64
import json
from typing import Any

import tink
from tink import aead, hybrid, mac, prf, secret_key_access, streaming_aead

from keyservice.keyfile import with_new_primary as joined
from keyservice.shares import SECRET_BYTES, WrongShares
from pavillon.security.enums import Purpose
from pavillon.security.master import MasterKeyMissing

for kind in (aead, hybrid, mac, prf, streaming_aead):
    kind.register()

_KINDS: dict[Purpose, tuple[Any, Any]] = {
    Purpose.VALUES: (aead.aead_key_templates.AES256_GCM, aead.Aead),
    # In segments of a megabyte: a file of any size passes through a little memory.
    Purpose.FILES: (streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB, streaming_aead.StreamingAead),
    Purpose.INDEX: (prf.prf_key_templates.HMAC_SHA256, prf.PrfSet),
    Purpose.LOG: (mac.mac_key_templates.HMAC_SHA256_256BITTAG, mac.Mac),
    Purpose.ENTRANCE: (aead.aead_key_templates.AES256_GCM, aead.Aead),
}
_RECOVERY = hybrid.hybrid_key_templates.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM
_JSON, _BINARY, _TOKEN = tink.json_proto_keyset_format, tink.proto_keyset_format, secret_key_access.TOKEN
# How the private half of an X25519 key follows the public one in Tink's own form: its field number and its length.
_PRIVATE_FIELD = bytes([0x1A, SECRET_BYTES])


def _associated(purpose: str, generation: int) -> bytes:
    """Binds a wrapped keyset to its row: an older one put in its place does not open."""
    return f"pavillon.data-key.{purpose}.{generation}".encode()


def wrap(handle: tink.KeysetHandle, purpose: str, generation: int, master: aead.Aead) -> bytes:
    return _BINARY.serialize_encrypted(handle, master, _associated(purpose, generation))


def unwrap(wrapped: bytes, purpose: str, generation: int, master: aead.Aead) -> tink.KeysetHandle:
    """Raises MasterKeyMissing when this master key does not open it."""
    try:
        return _BINARY.parse_encrypted(wrapped, master, _associated(purpose, generation))
    except tink.TinkError:
        raise MasterKeyMissing(
            f"The master key does not open data key {purpose}/{generation}. Put back the key that was in use when this "
            "database was filled (docs/keys.md); without it encrypted values stay unreadable."
        ) from None


def new_keyset(purpose: str) -> tink.KeysetHandle:
    return tink.new_keyset_handle(_KINDS[Purpose(purpose)][0])


def primitive_of(handle: tink.KeysetHandle, purpose: str) -> Any:
    return handle.primitive(_KINDS[Purpose(purpose)][1])


def with_new_primary(handle: tink.KeysetHandle, purpose: str) -> tink.KeysetHandle:
    """The same keys and a new one that all new data use; the old ones still open what they closed."""
    old = _JSON.serialize(handle, _TOKEN)
    while True:
        try:
            return _JSON.parse(joined(old, _JSON.serialize(new_keyset(purpose), _TOKEN)), _TOKEN)
        except ValueError:  # the same number twice
            continue


def new_recovery() -> tuple[bytes, str]:
    """A recovery secret, and the public half for which keysets are sealed."""
    handle = tink.new_keyset_handle(_RECOVERY)
    private = json.loads(_JSON.serialize(handle, _TOKEN))["key"][0]["keyData"]["value"]
    return base64.b64decode(private)[-SECRET_BYTES:], _JSON.serialize_without_secret(handle.public_keyset_handle())


def seal_for_recovery(handle: tink.KeysetHandle, purpose: str, generation: int, public: str) -> bytes:
    sealing = _JSON.parse_without_secret(public).primitive(hybrid.HybridEncrypt)
    return sealing.encrypt(_BINARY.serialize(handle, _TOKEN), _associated(purpose, generation))


def open_by_recovery(sealed: bytes, purpose: str, generation: int, public: str, secret: bytes) -> tink.KeysetHandle:
    """Raises WrongShares when the secret is not the one that belongs to this public half."""
    form = json.loads(public)
    known = base64.b64decode(form["key"][0]["keyData"]["value"])
    private = bytes([0x12, len(known)]) + known + _PRIVATE_FIELD + secret
    form["key"][0]["keyData"] = {
        "typeUrl": "type.googleapis.com/google.crypto.tink.HpkePrivateKey",
        "value": base64.b64encode(private).decode(),
        "keyMaterialType": "ASYMMETRIC_PRIVATE",
    }
    try:
        opening = _JSON.parse(json.dumps(form), _TOKEN).primitive(hybrid.HybridDecrypt)
        return _BINARY.parse(opening.decrypt(sealed, _associated(purpose, generation)), _TOKEN)
    except tink.TinkError:
        raise WrongShares("these shares are not of the recovery secret in force") from None
