"""Loads the stock files of the SIRENE register."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pavillon.directory.actions.register import REASONS, Report, import_register
from pavillon.directory.sirene import Kind, WrongFile


class Command(BaseCommand):
    help = "Load StockUniteLegale and StockEtablissement files (CSV, zipped or gzipped) into the register."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--kind", choices=["auto", *Kind], default="auto", help="which file it is (default: by header)"
        )
        parser.add_argument("--synthetic", action="store_true", default=None, help="label the rows as invented")
        parser.add_argument("--force", action="store_true", help="read again a file that was loaded before")
        parser.add_argument("--rejects", type=Path, help="where refused rows go (default: FILE.rejects.csv)")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        try:
            reports = import_register(
                files,
                kind=options["kind"],
                synthetic=options["synthetic"],
                force=options["force"],
                tell=lambda line: self.stdout.write(f"  {line}"),
            )
        except WrongFile as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        for report in reports:
            self.tell(report)
            if report.rejects:
                source = next(path for path in files if path.name == report.name)
                target = options["rejects"] or source.with_name(f"{source.name}.rejects.csv")
                self.write_rejects(report, target)

    def tell(self, report: Report) -> None:
        if report.is_same_file:
            self.stdout.write(f"{report.name}: loaded before, nothing to do (--force reads it again)")
            return
        self.stdout.write(
            f"{report.name} ({report.kind}): {report.read:,} rows read, {report.created:,} created, "
            f"{report.changed:,} changed, {report.closed:,} closed, {report.unchanged:,} unchanged, "
            f"{report.rejected:,} rejected, {report.passed:,} passed over"
        )

    def write_rejects(self, report: Report, target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["line", "siren", "reason"])
            writer.writerows([line, siren, REASONS[reason]] for line, siren, reason in report.rejects)
        self.stdout.write(f"  rejected rows and their reasons: {target}")
