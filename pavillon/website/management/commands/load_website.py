from typing import Any

from django.core.management.base import BaseCommand

from pavillon.website.actions import lay_foundations
from pavillon.website.content import PORTALS


class Command(BaseCommand):
    help = "Make the two national portals with their lists of regions and articles, once; editors do the rest."

    def handle(self, *args: Any, **options: Any) -> None:
        portals = lay_foundations(texts=PORTALS, by=None)
        if options.get("verbosity", 1):
            self.stdout.write(f"Portals: {', '.join(sorted(portals))}.")
