"""Writes an invented register in the layout of the official one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pavillon.directory.queries import places
from pavillon.directory.synthetic import make_units, write_files


class Command(BaseCommand):
    help = "Write StockUniteLegale and StockEtablissement files of invented companies (same seed, same files)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=5000, help="how many companies (default 5000)")
        parser.add_argument("--seed", type=int, default=53)
        parser.add_argument("--out", type=Path, required=True, help="folder of the two files")

    def handle(self, *args: Any, **options: Any) -> None:
        towns = places()
        if not towns:
            raise CommandError("No commune is known: run load_reference first.")
        for path in write_files(make_units(options["size"], towns, seed=options["seed"]), options["out"]):
            self.stdout.write(str(path))
