from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pavillon.privacy import ledger
from pavillon.privacy.actions import replay_erasures


class Command(BaseCommand):
    help = "Make again the erasures that a restored backup forgot, from the ledger beside the database."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            replayed = replay_erasures()
        except ledger.AlteredLine as altered:
            raise CommandError(
                f"Line {altered.args[0]} of {ledger.path()} lacks the platform's signature: nothing was erased. "
                "Put the ledger's own backup back, then run this again."
            ) from None
        if options.get("verbosity", 1):
            self.stdout.write(f"{replayed} erasures were made again.")
