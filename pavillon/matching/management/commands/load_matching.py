from typing import Any

from django.core.management.base import BaseCommand

from pavillon.matching.actions import load_shipped


class Command(BaseCommand):
    help = "Load the matching models that ship, where a kind has none, and the pairs that versions are tried on."

    def handle(self, *args: Any, **options: Any) -> None:
        for kind, version in load_shipped().items():
            self.stdout.write(f"{kind}: version {version} is in use")
