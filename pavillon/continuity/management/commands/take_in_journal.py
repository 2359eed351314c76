from typing import Any

from django.core.management.base import BaseCommand

from pavillon.continuity import actions


class Command(BaseCommand):
    help = "Take in what was written beside the database: answers of the probe, backups, restore tests."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        taken = actions.take_in_journal()
        actions.watch_over()
        self.stdout.write(f"{taken} lines taken in.")
