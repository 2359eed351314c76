"""Where the master keys are. The interface of a source is `keyservice.holding.MasterKey`.

Three sources hold the key that opens people's data: a file, a key service on a key-holder's machine, a hardware module.
A fourth file, the platform's own, only opens the logs' signatures and the secrets of second factors.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from keyservice.holding import MasterKey
from keyservice.keyfile import FileKey
from keyservice.token import TokenKey
from pavillon.core.encryption import DataLocked
from pavillon.security.enums import Source
from pavillon.security.remote import ServiceKey

BACK = (
    "Put the key file back, or name its place in PAVILLON_MASTER_KEY_FILE. On a first installation: "
    "pavillon keys create."
)


class MasterKeyMissing(DataLocked, ImproperlyConfigured):
    """The master key is not to be had where the settings say."""


def source(name: str = "") -> MasterKey:
    """A master key by the name of its source; without one, of the source that the settings choose.

    Raises ImproperlyConfigured when the settings do not say where that is.
    """
    name = name or settings.KEY_SOURCE
    if name == Source.FILE:
        return FileKey(Path(settings.MASTER_KEY_FILE), remedy=BACK)
    if name == Source.LOCAL:
        return FileKey(Path(settings.LOCAL_KEY_FILE), remedy="Put the key file back (PAVILLON_LOCAL_KEY_FILE).")
    if name == Source.SERVICE:
        return ServiceKey(**_said(settings.KEY_SERVICE, "PAVILLON_KEY_SERVICE_"))
    if name == Source.TOKEN:
        return TokenKey(**_said(settings.KEY_TOKEN, "PAVILLON_PKCS11_"))
    raise ImproperlyConfigured(f"PAVILLON_KEY_SOURCE={name}: file, service or token")


def _said(given: dict[str, Any], prefix: str) -> dict[str, Any]:
    missing = [prefix + name.upper() for name, value in given.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"The key source needs {', '.join(missing)}: see docs/keys.md")
    return given
