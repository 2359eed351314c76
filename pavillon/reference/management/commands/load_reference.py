"""Loads reference data; what has not changed costs nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pavillon.reference.sets import Source, SourceMissing
from pavillon.reference.sets.activities import ACTIVITIES, BANDS_SET, LEGAL_SET
from pavillon.reference.sets.countries import COUNTRIES
from pavillon.reference.sets.files import FILES, WrongFile, load_file
from pavillon.reference.sets.geography import GEOGRAPHY
from pavillon.reference.sets.harmonised_system import HARMONISED_SYSTEM
from pavillon.reference.sets.lists import CODES_SET, LISTS_SET, VERTICALS_SET

SETS: list[Source] = [
    COUNTRIES,
    GEOGRAPHY,
    ACTIVITIES,
    BANDS_SET,
    LEGAL_SET,
    VERTICALS_SET,
    LISTS_SET,
    CODES_SET,
    HARMONISED_SYSTEM,
]


class Command(BaseCommand):
    help = "Load reference data from the installed packages and, with --file, from official files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load again what has not changed")
        parser.add_argument(
            "--file",
            action="append",
            default=[],
            metavar="SET=PATH",
            help=f"load an official file; SET is one of {', '.join(FILES)}",
        )

        parser.add_argument("--only-files", action="store_true", help="load the given files and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["only_files"]:
            self.load_packages(force=options["force"])
        self.load_files(options["file"])

    def load_packages(self, *, force: bool) -> None:
        for number, source in enumerate(SETS, 1):
            try:
                rows = source.refresh(force=force)
            except SourceMissing as error:
                raise CommandError(str(error)) from error
            told = "current" if rows is None else f"{rows:,} rows"
            self.stdout.write(f"  [{number}/{len(SETS)}] {source.name_en}: {told}")

    def load_files(self, files: list[str]) -> None:
        for given in files:
            name, _sign, path = given.partition("=")
            if name not in FILES or not path:
                raise CommandError(f"--file {given}: write SET=PATH with SET one of {', '.join(FILES)}")
            try:
                self.stdout.write(f"  {name}: {load_file(name, Path(path)):,} rows")
            except (WrongFile, OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{name}: {error}. Nothing was changed.") from error
