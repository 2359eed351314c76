"""Known weaknesses of the locked packages, Python's and the front end's: part of `pavillon check`.

The lists of weaknesses are asked over the network. A machine without it says so and fails nothing: no red check because
a line is down. `requirements/accepted.txt` holds what was looked at and is borne for a while.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from launch.assets import node_folder
from launch.folders import ROOT

SECONDS = 90
ACCEPTED = ROOT / "requirements" / "accepted.txt"
LOCK = "requirements/dev.txt"
"""It holds what the product needs and what its developers need."""
NOT_LOOKED_AT = "Not looked at"


class NoAnswer(Exception):
    """The list of weaknesses could not be asked; the message says which."""


def accepted(text: str, today: date) -> set[str]:
    """Numbers that are borne today: lines of "NUMBER UNTIL WHY". Raises ValueError for another line."""
    borne = set()
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            number, until, why = line.split(maxsplit=2)
            if why and date.fromisoformat(until) >= today:
                borne.add(number)
    return borne


def weaknesses_of_python(told: str, unknown: Callable[[list[str], int], None]) -> Iterator[tuple[set[str], str]]:
    """(numbers, sentence) of each weakness in the JSON of pip-audit. Raises NoAnswer when most were not looked at;
    tells `unknown` the names of those that were not, however few they are."""
    try:
        packages = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer("the list of Python's packages does not answer") from error
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if len(skipped) * 2 > len(packages):
        raise NoAnswer(f"the list of Python's packages knows {len(packages) - len(skipped)} of {len(packages)}")
    unknown(skipped, len(packages))
    for package in packages:
        for each in package.get("vulns", []):
            mended = ", ".join(each["fix_versions"]) or "no release yet"
            numbers = {each["id"], *each.get("aliases", [])}
            yield numbers, f"{package['name']} {package['version']}: {each['id']}, mended in {mended}"


def weaknesses_of_node(told: str) -> Iterator[tuple[set[str], str]]:
    """The same for the JSON of npm audit."""
    try:
        found = json.loads(told)["vulnerabilities"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer("the list of the front end's packages does not answer") from error
    for name, package in found.items():
        for each in package["via"]:
            if isinstance(each, dict):
                number = str(each.get("url", "")).rpartition("/")[2] or str(each.get("source"))
                yield {number}, f"{name} {package['range']}: {number}, {each.get('title', '')}"


def _ask(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "NODE_USE_SYSTEM_CA": "1"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAnswer(f"{Path(command[0]).name}: {type(error).__name__}") from error
    return done.stdout


def _python() -> Iterator[tuple[set[str], str]]:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
    return weaknesses_of_python(_ask([*command, "--progress-spinner", "off", "-r", LOCK], ROOT), _tell_unknown)


def _tell_unknown(names: list[str], all_of_them: int) -> None:
    if names:
        print(f"{NOT_LOOKED_AT}: {len(names)} of {all_of_them} packages, {', '.join(sorted(names))}.")


def _node() -> Iterator[tuple[set[str], str]]:
    folder = node_folder()
    npm = str(folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    command = [str(folder / "node"), npm, "audit", "--json", "--package-lock-only", "--fetch-retries=0"]
    return weaknesses_of_node(_ask([*command, "--fetch-timeout=20000"], ROOT / "assets"))


def main() -> int:
    """1 when a locked package has a weakness that is known and not borne, else 0."""
    borne = accepted(ACCEPTED.read_text(), date.today())  # noqa: DTZ011  a day of the calendar of whoever checks
    found, unasked = [], []
    for ask in (_python, _node):
        try:
            found += [sentence for numbers, sentence in ask() if not numbers & borne]
        except NoAnswer as error:
            unasked.append(str(error))
    for reason in dict.fromkeys(unasked):
        print(f"{NOT_LOOKED_AT}: {reason}.")
    for sentence in dict.fromkeys(found):
        print(sentence)
    if found:
        print("Raise these packages (`make lock`), or write in requirements/accepted.txt until when and why not.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
