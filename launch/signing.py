"""Lists of backups are signed: whoever writes at a site can seal a backup for us, but not say that it is ours.

The signature is an HMAC under a key that the agency's master key wraps (`pavillon.security.backup_keys`), over the
manifest as canonical JSON: its name and times, the digests of its parts, the key, the first segment of the log.
"""

import json
from pathlib import Path
from typing import Any

from launch import vault
from launch.errors import LaunchError
from launch.folders import write_private
from launch.progress import Say
from launch.sites import KEY_FILE

# What is not part of what was written: the signature itself, and what `Vault.manifests` adds.
BESIDE = ("signature", "folder", "site")


class NotSigned(LaunchError):
    """A manifest that this platform did not sign, or that somebody altered."""


def said_by(manifest: dict[str, Any]) -> str:
    """The text that is signed: the same whatever the order and the spaces of the file."""
    told = {name: value for name, value in manifest.items() if name not in BESIDE}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def sign(manifest: dict[str, Any], data: Path, environment: dict[str, str], tell: Say) -> dict[str, Any]:
    """The manifest with its signature; "" while the keys are away: a backup must not fail because data are locked."""
    key = manifest["key"]
    try:
        if "signing" not in key:
            key = _asked("sign", {"key": key, "text": ""}, environment)["key"]
            write_private(data / KEY_FILE, json.dumps(key))
        manifest = {**manifest, "key": key}
        answer = _asked("sign", {"key": key, "text": said_by(manifest)}, environment)
    except LaunchError as error:
        tell(f"! This backup is not signed: {error.problem} A restore will ask for --unsigned.")
        return {**manifest, "signature": ""}
    return {**manifest, "signature": answer["signature"]}


def check(manifest: dict[str, Any], environment: dict[str, str], *, unsigned: bool = False) -> None:
    """Raises NotSigned for a manifest that is not this platform's; `unsigned` lets through what bears no signature.

    One that bears a wrong signature is refused in any case.
    """
    where = manifest["folder"] / "manifest.json"
    signature = str(manifest.get("signature") or "")
    if not signature:
        if unsigned:
            return
        raise NotSigned(
            f"{where} bears no signature: it was made before backups were signed, while the keys were away, or by "
            "somebody else.",
            "compare its digest with the register, then ask again with --unsigned; or name another with --backup.",
        )
    try:
        _asked("check", {"key": manifest["key"], "text": said_by(manifest), "signature": signature}, environment)
    except LaunchError as error:
        raise NotSigned(
            f"{where} is forged or altered: its signature is not that of this platform's keys ({error.problem}).",
            "take the copy of another site (--site), compare its digest with the register, and tell the security "
            "officer; with another master key than that of then (--keys) every signature looks wrong.",
        ) from None


def _asked(what: str, told: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
    answer = vault.run_manage(["backup_key", what], environment, told=json.dumps(told))
    return dict(json.loads(answer)) if what == "sign" else {}
