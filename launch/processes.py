"""Processes as stamps name them."""

import os
from pathlib import Path
from typing import Any

import psutil

BOOT = Path("/proc/sys/kernel/random/boot_id")
# Seconds by which the beginning of one process may seem to move: the system tells its own beginning in whole seconds.
ROUNDING = 2.0


def myself() -> dict[str, Any]:
    """This process as a stamp names it: its number, and when it began, since numbers are given again."""
    return {"pid": os.getpid(), "began": _began(os.getpid()), "boot": _boot()}


def is_alive(about: dict[str, Any]) -> bool:
    """Whether the process of a stamp still runs, and is not another one that was given its number."""
    try:
        return about["boot"] == _boot() and abs(_began(about["pid"]) - about["began"]) < ROUNDING
    except (KeyError, TypeError, psutil.Error):
        return False


def _began(pid: int) -> float:
    """Seconds from the beginning of the system to that of a process: a clock that is set moves neither."""
    return psutil.Process(pid).create_time() - psutil.boot_time()


def _boot() -> str:
    """Which run of the machine this is, "" where the system does not say."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""
