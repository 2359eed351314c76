"""The purposes belong to the product: the demo only makes sure that they are in force."""

from typing import Any

from django.core.management import call_command


def seed(world: dict[str, Any]) -> None:
    call_command("load_purposes", verbosity=0)
