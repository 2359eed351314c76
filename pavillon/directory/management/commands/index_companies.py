"""Makes the keys that find companies while somebody types; to be called after a first load."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pavillon.directory.actions import index_stale_companies


class Command(BaseCommand):
    help = "Make the matching keys of companies that have none, or whose card changed. The nightly search does it too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1, help="How many work side by side.")

    def handle(self, *args: Any, **options: Any) -> None:
        done = index_stale_companies(processes=options["processes"])
        self.stdout.write(f"Keys of {done:,} companies made.")
