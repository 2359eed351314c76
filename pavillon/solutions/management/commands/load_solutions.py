from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pavillon.solutions.actions import content


class Command(BaseCommand):
    help = "Load the diagnosis (questions, bricks) and, with --demo, the demonstration's catalogue. Idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also load the demonstration's providers and solutions")

    def handle(self, *args: Any, **options: Any) -> None:
        questionnaire = content.load_questionnaire()
        bricks = content.load_bricks()
        solutions = content.load_catalogue() if options["demo"] else 0
        if options["verbosity"]:
            self.stdout.write(
                f"{questionnaire} version {questionnaire.version}, {bricks} bricks, {solutions} solutions."
            )
