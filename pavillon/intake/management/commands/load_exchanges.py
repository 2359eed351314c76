from typing import Any

from django.core.management.base import BaseCommand

from pavillon.intake.actions import lay_register


class Command(BaseCommand):
    help = "Lay the lines of the register of exchanges that are not there yet; running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        laid = lay_register()
        if options.get("verbosity", 1):
            self.stdout.write(f"{laid} lines of the register of exchanges were laid.")
