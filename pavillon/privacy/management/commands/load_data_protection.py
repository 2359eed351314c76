from typing import Any

from django.core.management.base import BaseCommand

from pavillon.privacy.actions import load_control_points, load_restricted_classes, load_retention_rules


class Command(BaseCommand):
    help = "Make the missing rules of retention, points of control and classes of secret data."

    def handle(self, *args: Any, **options: Any) -> None:
        load_restricted_classes()
        rules, points = load_retention_rules(), load_control_points()
        if options.get("verbosity", 1):
            self.stdout.write(f"{rules} rules of retention and {points} points of control were added.")
