"""Where the platform is hosted and where its backups lie, as its operator declares in one file.

The file is `sites.toml` of the data folder, or the one named by PAVILLON_SITES:

    [[site]]
    code = "paris"                  # short name, used in folders and records
    role = "primary"                # primary | standby | backups
    town = "Paris"
    country = "FR"                  # ISO 3166-1 alpha-2
    provider = "Name of the host"
    backups = "/mnt/paris/backups"  # a folder that is (or is mounted from) this site; relative: below the data folder
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.errors import LaunchError

# Member states on 1 January 2026; the data of the platform stay here (ledger TECH-06).
EUROPEAN_UNION = frozenset(
    {*("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU")}
    | {*("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")}
)
# The key of the backups, in the data folder: there once a first backup was made.
KEY_FILE = "backup-key.json"
ROLES = ("primary", "standby", "backups")
NAMES = ("code", "role", "town", "country", "provider", "backups", "is_demo")


@dataclass(frozen=True)
class Site:
    """One place. `backups` is None where no backups are kept."""

    code: str
    role: str
    town: str
    country: str
    provider: str
    backups: Path | None
    is_demo: bool = False

    @property
    def is_european(self) -> bool:
        return self.country in EUROPEAN_UNION


def sites_file(data: Path) -> Path:
    """Where the declaration is looked for."""
    return Path(os.environ.get("PAVILLON_SITES") or data / "sites.toml")


def read_sites(path: Path, data: Path) -> list[Site]:
    """The declared sites, the primary first; none without a file. Raises LaunchError that says what is wrong."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LaunchError(f"{path} cannot be read: {error}", "see docs/how-to/back-up-and-restore.md.") from None
    sites = [_site(one, path, data) for one in told.get("site", [])]
    codes = [site.code for site in sites]
    if len(codes) != len(set(codes)):
        raise LaunchError(f"{path} names a site twice: {', '.join(codes)}.", "give each site a code of its own.")
    return sorted(sites, key=lambda site: ROLES.index(site.role))


def told_sites(data: Path) -> list[dict[str, Any]]:
    """The same for the pages: plain values, whether backups lie there, whether it is in the Union."""
    names = ("code", "role", "town", "country", "provider", "is_demo", "is_european")
    return [
        {name: getattr(site, name) for name in names} | {"backups": site.backups is not None}
        for site in read_sites(sites_file(data), data)
    ]


def _site(told: dict[str, Any], path: Path, data: Path) -> Site:
    unknown = set(told) - set(NAMES)
    missing = [name for name in NAMES[:5] if not told.get(name)]
    if unknown or missing or told["role"] not in ROLES or not str(told["code"]).isidentifier():
        raise LaunchError(
            f"A site of {path} is not complete: {told}. Missing: {missing}; unknown: {sorted(unknown)}.",
            f"give {', '.join(NAMES[:5])}; role is one of {', '.join(ROLES)}, code is letters, digits and _.",
        )
    folder = Path(told["backups"]).expanduser() if told.get("backups") else None
    return Site(
        code=told["code"],
        role=told["role"],
        town=told["town"],
        country=str(told["country"]).upper(),
        provider=told["provider"],
        backups=(folder if folder.is_absolute() else data / folder) if folder else None,
        is_demo=bool(told.get("is_demo")),
    )
