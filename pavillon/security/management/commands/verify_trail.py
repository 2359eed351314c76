import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pavillon.security import actions
from pavillon.security.events import logs_verified
from pavillon.security.queries import chained_logs
from pavillon.security.verification import faults_of


class Command(BaseCommand):
    help = "Read every log and name each line that was altered, taken away or slipped in. Exit 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=["trail"], help="the trail and the read log: all there is")

    def handle(self, *args: Any, **options: Any) -> None:
        actions.seal_logs()
        found = lines = 0
        started = time.monotonic()
        for log in chained_logs():
            self.read = 0
            for fault in faults_of(log, self.tell_progress):
                found += 1
                self.stdout.write(self.style.ERROR(str(fault)))
            self.stdout.write(f"{log._meta.label_lower}: {self.read} lines read")
            lines += self.read
        logs_verified.send(sender=Command, lines=lines, faults=found, seconds=time.monotonic() - started)
        if found:
            raise CommandError(f"The logs do not hold: {found} fault{'s' if found > 1 else ''}.")
        self.stdout.write(self.style.SUCCESS("Every line is as the application wrote it."))

    def tell_progress(self, log: str, lines: int) -> None:
        if lines // 100_000 > self.read // 100_000:
            self.stderr.write(f"{log}: {lines} lines…")
        self.read = lines
