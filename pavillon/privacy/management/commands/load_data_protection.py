from typing import Any

from django.core.management.base import BaseCommand

from pavillon.privacy.actions import load_control_points, load_retention_rules


class Command(BaseCommand):
    help = "Make the rules of retention that declarations ask for, and the 17 points of control; changes the rest not."

    def handle(self, *args: Any, **options: Any) -> None:
        rules, points = load_retention_rules(), load_control_points()
        if options.get("verbosity", 1):
            self.stdout.write(f"{rules} rules of retention and {points} points of control were added.")
