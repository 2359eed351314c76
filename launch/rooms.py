"""Which management commands the rooms have, without starting Django."""

import sys

from launch.folders import ROOT

MANAGE = [sys.executable, str(ROOT / "manage.py")]


def has_command(name: str) -> bool:
    """Whether a room of the product has this management command."""
    return any((ROOT / "pavillon").glob(f"*/management/commands/{name}.py"))
