"""A master key in a file that only one account reads."""

import json
import os
import secrets
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import tink
from tink import aead, secret_key_access

from keyservice.holding import Facts, KeyRevoked, KeyUnavailable

aead.register()
FORM, TOKEN = tink.json_proto_keyset_format, secret_key_access.TOKEN


def with_new_primary(text: str, new: str) -> str:
    """A keyset in JSON whose new data use the key of `new`; the old keys still open what they closed."""
    old, young = json.loads(text), json.loads(new)
    if {key["keyId"] for key in old["key"]} & {key["keyId"] for key in young["key"]}:
        raise ValueError("two keys have the same number: make another one")
    return json.dumps({"primaryKeyId": young["primaryKeyId"], "key": [*old["key"], *young["key"]]})


class FileKey:
    """A Tink keyset in a file of mode 600. Revoking destroys it and leaves a stone that says so (`.revoked`)."""

    def __init__(self, path: Path, *, remedy: str = "Put the key file back.") -> None:
        self.path, self.remedy = path, remedy
        self.place = str(path)
        self.stone = path.with_name(path.name + ".revoked")

    def wrapping(self) -> aead.Aead:
        return self._handle().primitive(aead.Aead)

    def facts(self) -> Facts:
        info = self._handle().keyset_info()
        return Facts(version=str(info.primary_key_id), versions=len(info.key_info))

    def create(self) -> None:
        if self.stone.exists():
            raise KeyRevoked(f"The master key {self.path} was revoked.")
        self._write(_fresh(), anew=True)

    def replace(self) -> None:
        self.stone.unlink(missing_ok=True)
        self.create()

    def rotate(self) -> None:
        while True:
            try:
                text = with_new_primary(self._text(), _fresh())
            except ValueError:
                continue
            return self._write(text, anew=False)

    def revoke(self) -> None:
        """The stone is laid first: whatever happens next, the key is not used again."""
        self.stone.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.stone.write_text(json.dumps({"revoked_at": datetime.now(UTC).isoformat(timespec="seconds")}))
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        # On a disk that writes in place the old content is gone; on others, only what the system lets nobody read.
        with self.path.open("r+b") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        self.path.unlink()

    def _handle(self) -> tink.KeysetHandle:
        try:
            return FORM.parse(self._text(), TOKEN)
        except tink.TinkError as error:
            raise KeyUnavailable(f"The file {self.path} is not a master key: {error}") from None

    def _text(self) -> str:
        if self.stone.exists():
            raise KeyRevoked(f"The master key {self.path} was revoked.")
        try:
            text, mode = self.path.read_text(), self.path.stat().st_mode
        except FileNotFoundError:
            raise KeyUnavailable(f"No master key at {self.path}. {self.remedy}") from None
        except PermissionError:
            raise KeyUnavailable(f"The master key {self.path} is not readable by this account.") from None
        if mode & 0o007:
            raise KeyUnavailable(f"The master key {self.path} is open to every account: chmod 600 {self.path}")
        return text

    def _write(self, text: str, *, anew: bool) -> None:
        """Written whole or not at all; `anew`: two first starts at the same moment agree on one key."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=self.path.parent, prefix=".master-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if anew:
                os.link(draft, self.path)
            else:
                Path(draft).replace(self.path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink(missing_ok=True)


def _fresh() -> str:
    return FORM.serialize(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM), TOKEN)
