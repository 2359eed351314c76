"""Loads the stock files of the SIRENE register."""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pavillon.directory.actions.register import ImportRunning, import_register
from pavillon.directory.actions.register_names import index_register_names
from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.models import RegisterRun
from pavillon.directory.queries import rejects_file
from pavillon.directory.sirene import WrongFile


class Command(BaseCommand):
    help = (
        "Take the official stock files of the SIRENE register in, StockUniteLegale and StockEtablissement "
        "(CSV, zipped or gzipped CSV, Parquet): pavillon import sirene FILE [FILE …]. The file is checked whole before "
        "anything is written; killed and begun again, it goes on where it was; rows that are as they were cost almost "
        "nothing. Refused rows are written beside the file with their line and reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--kind",
            choices=["auto", *RegisterFileKind.values],
            default="auto",
            help="which file it is (default: by header)",
        )
        parser.add_argument("--synthetic", action="store_true", default=None, help="label the rows as invented")
        parser.add_argument("--force", action="store_true", help="read again a file that was loaded before")
        parser.add_argument(
            "--good-rows", action="store_true", help="take the right rows of a file of which many are refused"
        )
        parser.add_argument("--rejects", type=Path, help="where refused rows go (default: FILE.rejects.csv)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.told = 0.0
        files: list[Path] = options["files"]
        before = set(RegisterRun.objects.values_list("pk", flat=True))
        try:
            runs = import_register(
                files,
                kind=options["kind"],
                synthetic=options["synthetic"],
                force=options["force"],
                takes_good_rows=options["good_rows"],
                tell=self.tell_progress,
            )
        except WrongFile as error:
            for run in RegisterRun.objects.exclude(pk__in=before).order_by("pk"):
                self.write_rejects(run, files, options["rejects"])
            raise CommandError(f"{error} Nothing was changed.") from error
        except ImportRunning as error:
            raise CommandError(str(error)) from error
        if named := index_register_names():
            self.stdout.write(f"  {named:,} names can be found")
        for run in runs:
            self.tell(run)
            self.write_rejects(run, files, options["rejects"])

    def tell_progress(self, run: RegisterRun) -> None:
        """One line that is written over on a terminal, a line every ten seconds elsewhere."""
        on_terminal = sys.stdout.isatty()
        if not run.is_under_way or (not on_terminal and time.monotonic() - self.told < 10):
            return
        self.told = time.monotonic()
        pace = f", {run.rows_per_second:,} rows/s" if run.rows_per_second else ""
        left = f", {run.seconds_left} s left" if run.seconds_left is not None else ""
        line = f"  {run.file_name}: {run.get_state_display()} {run.percent} %{pace}{left}"
        self.stdout.write(f"\r{line:<78}" if on_terminal else line, ending="" if on_terminal else "\n")
        self.stdout.flush()

    def tell(self, run: RegisterRun) -> None:
        if sys.stdout.isatty():
            self.stdout.write("")
        if run.is_same_file:
            self.stdout.write(f"{run.file_name}: loaded before, nothing to do (--force reads it again)")
            return
        seconds = f"{run.seconds:.1f} s" if run.seconds is not None else ""
        self.stdout.write(
            f"{run.file_name} ({run.kind}): {run.read:,} rows read, {run.created:,} created, "
            f"{run.changed:,} changed, {run.closed:,} closed, {run.unchanged:,} unchanged, "
            f"{run.rejected:,} rejected, {run.passed:,} passed over; {run.followed:,} companies followed; {seconds}"
        )

    def write_rejects(self, run: RegisterRun, files: list[Path], asked: Path | None) -> None:
        report = rejects_file(run)
        if not run.rejected or not report.exists():
            return
        source = next(path for path in files if path.name == run.file_name)
        target = asked or source.with_name(f"{source.name}.rejects.csv")
        target.write_bytes(report.read_bytes())
        self.stdout.write(f"  refused rows and their reasons: {target}")
