"""Where the master key comes from. It wraps the data keys and never enters the database.

Other sources (a key service on another machine, a hardware module) offer the same two methods.
"""

import os
import tempfile
from pathlib import Path
from typing import Protocol

import tink
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from tink import aead, secret_key_access

aead.register()


class MasterKeyMissing(ImproperlyConfigured):
    """The master key is not where the settings say, or cannot be trusted there."""


class KeySource(Protocol):
    """Holds the master key."""

    def wrapping(self) -> aead.Aead:
        """The primitive that wraps and unwraps data keys. Raises MasterKeyMissing."""
        ...

    def create(self) -> None:
        """Make a new master key; do nothing when there is one."""
        ...


class KeyFile:
    """A master key in a file that only this account reads, outside the database and its backups."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wrapping(self) -> aead.Aead:
        try:
            text, mode = self.path.read_text(), self.path.stat().st_mode
        except FileNotFoundError:
            raise MasterKeyMissing(
                f"No master key at {self.path}. Put the key file back, or name its place in "
                "PAVILLON_MASTER_KEY_FILE. On a first installation: manage.py create_master_key."
            ) from None
        except PermissionError:
            raise MasterKeyMissing(f"The master key {self.path} is not readable by this account.") from None
        if mode & 0o007:
            raise MasterKeyMissing(f"The master key {self.path} is open to every account: chmod 600 {self.path}")
        try:
            handle = tink.json_proto_keyset_format.parse(text, secret_key_access.TOKEN)
            return handle.primitive(aead.Aead)
        except tink.TinkError as error:
            raise MasterKeyMissing(f"The file {self.path} is not a master key: {error}") from None

    def create(self) -> None:
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        text = tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A link appears whole and only once: two first starts at the same moment agree on one key.
        descriptor, draft = tempfile.mkstemp(dir=self.path.parent, prefix=".master-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()


def source() -> KeySource:
    """The master key of this installation, as the settings say."""
    return KeyFile(Path(settings.MASTER_KEY_FILE))
