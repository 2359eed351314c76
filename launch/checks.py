"""`pavillon check` and `pavillon test`: exactly what the continuous integration runs."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from launch.assets import build_assets
from launch.audit import NOT_LOOKED_AT
from launch.browser import chromium
from launch.folders import ROOT, data_folder
from launch.messages import compile_messages
from launch.progress import say
from launch.surroundings import surroundings

BIN = Path(sys.executable).parent
PYTHON_CODE = ["pavillon", "config", "keyservice", "launch", "tests", "manage.py"]
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}

CHECKS: dict[str, list[str]] = {
    # Takes longest and the tests wait for it.
    "missing migrations, tables for the tests": [sys.executable, "-m", "tests.database"],
    # Waits for the network most of its time. Says so, and is green, on a machine that cannot ask.
    "weak packages": [sys.executable, "-P", "-m", "launch.audit"],
    "types": [str(BIN / "mypy"), *PYTHON_CODE[:-2]],
    # Pytest rewrites each test file when it first reads it: once here, where four processes would all do it at once.
    "test files": [sys.executable, "-m", "pytest", "--collect-only", "-qq"],
    "formatting": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "linting": [str(BIN / "ruff"), "check", "--quiet", "."],
    # Linted, not reformatted: the formatter breaks lines inside components and changes what gettext reads.
    "templates": [str(BIN / "djlint"), "--lint", "--quiet", "pavillon"],
    "floors": [str(BIN / "lint-imports")],
    "translations": [sys.executable, "-P", "-m", "launch", "messages", "--check"],
}
"""Name and command of each check, in the order of the report. They only read the code."""


def check() -> int:
    """Run all checks three at a time, then the tests whatever they said. 0 when all are green."""
    with test_surroundings() as environment:
        with ThreadPoolExecutor(max_workers=3) as pool:
            running = {name: pool.submit(_run, command, environment) for name, command in CHECKS.items()}
            failed = [name for name, done in running.items() if not _report(name, *done.result())]
        if failed:
            say(f"\nNot green: {', '.join(failed)}. The tests run all the same.\n")
        code = run_tests([], environment)
    return code or int(bool(failed))


def _run(command: list[str], environment: dict[str, str]) -> tuple[int, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip(), time.monotonic() - started


def _report(name: str, code: int, output: str, seconds: float) -> bool:
    say(f"{'✓' if code == 0 else '✗'} {name} ({seconds:.1f} s)")
    if code or output.startswith(NOT_LOOKED_AT):
        say("  " + output[-6000:].replace("\n", "\n  "))
    return code == 0


def test(arguments: list[str]) -> int:
    """Run pytest with what it needs: database, assets, translations, browser. Returns pytest's code."""
    with test_surroundings() as environment:
        return run_tests(arguments, environment)


def run_tests(arguments: list[str], environment: dict[str, str]) -> int:
    """Four processes for the whole suite, since some of its tests wait for others; a chosen part runs in one, so that
    its output stays readable.
    """
    if not arguments:
        # One file stays in one process: its fixtures (a browser, a server) are made once.
        # The slowest are named, so that whoever watches them knows where to look.
        arguments = ["-q", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=25"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode


@contextmanager
def test_surroundings() -> Iterator[dict[str, str]]:
    """The environment variables of a test run. Its database is fast and forgets nothing but power cuts."""
    compile_messages()
    build_assets()
    browser = chromium()
    with surroundings(data=data_folder() / "test", throwaway=True, tell=say) as around:
        environment = around.environment() | TEST_SETTINGS
        environment["CHROMIUM_PATH"] = browser.path
        # Each process would start a thread of numpy's for each core, which turn round while they wait.
        environment["OPENBLAS_NUM_THREADS"] = "1"
        environment["CHROMIUM_LD_LIBRARY_PATH"] = browser.env.get("LD_LIBRARY_PATH", "")
        yield environment


def fix() -> int:
    """Format and repair what can be repaired without thinking."""
    subprocess.run([str(BIN / "ruff"), "check", "--fix", "."], cwd=ROOT, check=False)
    return subprocess.run([str(BIN / "ruff"), "format", "."], cwd=ROOT, check=False).returncode
