"""The key for which backups are sealed: a public half that anybody may use, a private half that the master key wraps.

Both lie in plain sight, in the data folder and in each backup; without the agency's master key nothing opens.
"""

import base64
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import tink
from django.conf import settings
from tink import hybrid, secret_key_access

from keyservice.holding import KeyUnavailable
from pavillon.security.enums import Purpose
from pavillon.security.master import MasterKeyMissing, source
from pavillon.security.models import DataKey

hybrid.register()
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


def _context(number: str) -> bytes:
    return f"pavillon.backup-key.{number}".encode()
