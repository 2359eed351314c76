"""The key for which backups are sealed: a public half that anybody may use, a private half that the master key wraps.

Both lie in plain sight, in the data folder and in each backup; without the agency's master key nothing opens. Beside
them lies the key that signs lists of backups, wrapped alike: who writes at a site can seal for us, and sign nothing.
"""

import base64
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import tink
from django.conf import settings
from tink import hybrid, mac, secret_key_access

from keyservice.holding import KeyUnavailable
from pavillon.security.enums import Purpose
from pavillon.security.master import MasterKeyMissing, source
from pavillon.security.models import DataKey

hybrid.register()
mac.register()
_JSON, _BINARY, _TOKEN = tink.json_proto_keyset_format, tink.proto_keyset_format, secret_key_access.TOKEN
_KIND = hybrid.hybrid_key_templates.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM


def new_backup_key(where: str = "") -> dict[str, str]:
    """{number, public, wrapped, source, made_at}. Wrapped at the source that holds people's data keys today.

    Raises MasterKeyMissing and KeyUnavailable.
    """
    held = DataKey.objects.in_use().get(Purpose.VALUES) if not where else None
    where = where or (held.source if held else settings.KEY_SOURCE)
    handle = tink.new_keyset_handle(_KIND)
    public = _JSON.serialize_without_secret(handle.public_keyset_handle())
    number = sha256(public.encode()).hexdigest()[:16]
    wrapped = _BINARY.serialize_encrypted(handle, source(where).wrapping(), _context(number))
    return {
        "number": number,
        "public": public,
        "wrapped": base64.b64encode(wrapped).decode(),
        "signing": _new_signing(number, str(where)),
        "source": str(where),
        "made_at": datetime.now(UTC).isoformat(),
    }


def open_backup_key(key: dict[str, Any]) -> str:
    """The private half, for a restore. Needs no database. Raises MasterKeyMissing."""
    try:
        wrapped = base64.b64decode(key["wrapped"])
        handle = _BINARY.parse_encrypted(wrapped, source(key["source"]).wrapping(), _context(key["number"]))
    except (tink.TinkError, KeyUnavailable) as error:
        raise MasterKeyMissing(
            f"The master key does not open backup key {key['number']}: bring the one that was in use then ({error})."
        ) from None
    return _JSON.serialize(handle, _TOKEN)


class ForgedManifest(Exception):
    """The list of a backup was not signed by the keys of this platform, or was altered since."""


def sign_manifest(key: dict[str, Any], text: str) -> dict[str, Any]:
    """{key, signature}: the key with what signs beside it (made now if it is of before), and the signature of a text.

    Raises MasterKeyMissing and KeyUnavailable.
    """
    if not key.get("signing"):
        key = {**key, "signing": _new_signing(key["number"], key["source"])}
    return {"key": key, "signature": base64.b64encode(_signing(key).compute_mac(text.encode())).decode()}


def check_manifest(key: dict[str, Any], text: str, signature: str) -> None:
    """Whether this platform signed that text. Needs no database. Raises ForgedManifest and KeyUnavailable."""
    try:
        _signing(key).verify_mac(base64.b64decode(signature, validate=True), text.encode())
    except (tink.TinkError, ValueError, KeyError) as error:
        raise ForgedManifest(
            f"not signed with the master key at hand, or altered since ({type(error).__name__})"
        ) from None


def open_signing_key(key: dict[str, Any]) -> str:
    """What signs, for a process that signs many files. Needs no database. Raises ForgedManifest, KeyUnavailable."""
    try:
        return _JSON.serialize(_signing_handle(key), _TOKEN)
    except (tink.TinkError, ValueError, KeyError) as error:
        raise ForgedManifest(f"no key that signs opens with the master key at hand ({type(error).__name__})") from None


def _new_signing(number: str, where: str) -> str:
    handle = tink.new_keyset_handle(mac.mac_key_templates.HMAC_SHA256_256BITTAG)
    made = _BINARY.serialize_encrypted(handle, source(where).wrapping(), _signing_context(number))
    return base64.b64encode(made).decode()


def _signing_handle(key: dict[str, Any]) -> Any:
    wrapped = base64.b64decode(key["signing"])
    return _BINARY.parse_encrypted(wrapped, source(key["source"]).wrapping(), _signing_context(key["number"]))


def _signing(key: dict[str, Any]) -> Any:
    return _signing_handle(key).primitive(mac.Mac)


def _context(number: str) -> bytes:
    return f"pavillon.backup-key.{number}".encode()


def _signing_context(number: str) -> bytes:
    return f"pavillon.backup-signature.{number}".encode()
