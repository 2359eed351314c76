"""Fills the base with invented companies, to measure with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pavillon.directory.actions.bulk import make_companies
from pavillon.reference.models import Commune


class Command(BaseCommand):
    help = "Add invented companies until the base has --size of them. For benchmarks only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not Commune.objects.exists():
            raise CommandError("No commune is known: run load_reference first.")
        self.stdout.write(f"{make_companies(options['size']):,} companies added")
