"""Files that change beside backups are signed too: segments of the database's log, and the ledger of erasures.

Beside each lies `<file>.signed`: name, size and digest of the last two that had this name, each signed under the key of
the manifests (`launch.signing`). It is written before the file has its name, so that a power cut between the two leaves
a file that is in it. The key stays in the memory of the process that signs: no other is started for each segment.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import tink
from tink import mac, secret_key_access

from launch import vault
from launch.errors import LaunchError
from launch.folders import write_private
from launch.sealing import Sealing, digest_of
from launch.signing import NotSigned

mac.register()
SEGMENTS_OF_ONE = 256


class Witness:
    """Signs what one platform puts beside its backups, and tells it from what others laid there."""

    def __init__(self, keyset: str, system: str) -> None:
        handle = tink.json_proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
        self._mac, self.system = handle.primitive(mac.Mac), system

    def sign(self, path: Path, size: int, sha256: str) -> None:
        """Say that these bytes, and no others, may lie at `path`; call it before they do."""
        told = {"name": path.name, "size": size, "sha256": sha256}
        lines = [{**told, "signature": self._mac.compute_mac(self._text(told)).hex()}]
        lines += [line for line in _lines(path) if line.get("sha256") != sha256][:1]
        write_private(beside(path), json.dumps(lines))

    def announce(self, path: Path) -> Any:
        """For `seal_file`: signs once all is written, before the file has its name."""

        def signing(writing: Sealing) -> None:
            self.sign(path, writing.size, writing.sha256)

        return signing

    def check(self, path: Path, *, unsigned: bool) -> None:
        """Raises NotSigned for a file that is not what was signed; `unsigned` lets through what nobody signed."""
        lines = _lines(path)
        if not lines:
            if unsigned:
                return
            raise NotSigned(
                f"{path} bears no signature: it was written while the keys were away, or by somebody else.",
                "take the copies of another site (--site), or ask again with --unsigned.",
            )
        told = {"name": path.name, "size": path.stat().st_size, "sha256": digest_of(path)}
        for line in lines:
            with suppress(tink.TinkError, ValueError, TypeError, KeyError):
                if line["sha256"] == told["sha256"]:
                    self._mac.verify_mac(bytes.fromhex(line["signature"]), self._text(told))
                    return
        raise NotSigned(
            f"{path} is forged or altered: it is not what this platform signed.",
            "take the copies of another site (--site), and tell the security officer.",
        )

    def _text(self, told: dict[str, Any]) -> bytes:
        return json.dumps({"beside": self.system, **told}, sort_keys=True, separators=(",", ":")).encode()


def beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.signed")


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        told = json.loads(beside(path).read_text())
        return [dict(line) for line in told]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        return [{}]


def witness_of(key: dict[str, Any], system: str, environment: dict[str, str]) -> Witness | None:
    """None for a key of before, which signs nothing. Raises LaunchError while the keys are away."""
    if not key.get("signing"):
        return None
    return Witness(vault.run_manage(["backup_key", "signing"], environment, told=json.dumps(key)), system)


def check_unbroken(segments: list[str], first: str) -> None:
    """Raises NotSigned when a segment of the log is missing between the first that is needed and the last there is."""
    numbers = {int(name[8:16], 16) * SEGMENTS_OF_ONE + int(name[16:24], 16) for name in segments}
    begin = int(first[8:16], 16) * SEGMENTS_OF_ONE + int(first[16:24], 16)
    lost = sorted(set(range(begin, max(numbers, default=begin))) - numbers)
    if lost:
        name = f"{lost[0] // SEGMENTS_OF_ONE:08X}{lost[0] % SEGMENTS_OF_ONE:08X}"
        raise NotSigned(
            f"{len(lost)} segments of the log are missing at this site, the first of them {name}: what follows could "
            "not be restored.",
            "take the copies of another site (--site), or ask again with --unsigned for what lies before.",
        )


def check_vault(place: vault.Vault, environment: dict[str, str]) -> list[str]:
    """What is wrong with the log and the ledger at one site, in words; as strict as the backup that they follow."""
    manifests = [one for one in place.manifests() if one.get("log_signed")]
    if not manifests:
        return []
    problems = []
    try:
        witness = witness_of(manifests[-1]["key"], place.folder.name.removeprefix("pavillon-"), environment)
    except LaunchError as error:
        return [error.problem]
    first = manifests[0]["first_segment"]
    needed = [path for path in sorted(place.wal.glob("*.sealed")) if path.name[8:24] >= first[8:24]]
    for path in [*needed, *([place.ledger] if place.ledger.exists() else [])]:
        try:
            if witness:
                witness.check(path, unsigned=False)
        except NotSigned as error:
            problems.append(error.problem)
    try:
        check_unbroken([path.name for path in needed if ".history" not in path.name], first)
    except NotSigned as error:
        problems.append(error.problem)
    return problems
