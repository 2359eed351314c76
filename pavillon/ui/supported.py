"""Which browsers the pages are built for: `assets/browsers.json`, which the build of the assets reads too."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "assets" / "browsers.json"

# How an engine tells its version. On iOS every browser is WebKit of the system's own version.
_TOLD = (
    ("safari", re.compile(r"(?:CPU (?:iPhone )?OS|iPhone OS) (\d+)_(\d+)")),
    ("firefox", re.compile(r"Firefox/(\d+)(?:\.(\d+))?")),
    ("chrome", re.compile(r"Chrom(?:e|ium)/(\d+)(?:\.(\d+))?")),
    ("safari", re.compile(r"Version/(\d+)(?:\.(\d+))?[^)]* Safari/")),
)
_OLD = re.compile(r"MSIE |Trident/")


@dataclass(frozen=True)
class Browser:
    """One line of the public table."""

    name: str
    engine: str
    since: str


@cache
def release() -> str:
    return str(json.loads(FILE.read_text())["release"])


@cache
def _engines() -> dict[str, tuple[str, str]]:
    return {one["code"]: (one["name"], one["since"]) for one in json.loads(FILE.read_text())["engines"]}


@cache
def browsers() -> tuple[Browser, ...]:
    """In the order of the page."""
    engines = _engines()
    return tuple(Browser(one["name"], *engines[one["engine"]]) for one in json.loads(FILE.read_text())["browsers"])


def is_too_old(user_agent: str) -> bool:
    """Whether a browser says that it is older than what the pages are built for. One that says nothing known is not."""
    if _OLD.search(user_agent):
        return True
    for code, pattern in _TOLD:
        if found := pattern.search(user_agent):
            version = (int(found[1]), int(found[2] or 0))
            major, _, minor = _engines()[code][1].partition(".")
            return version < (int(major), int(minor or 0))
    return False
