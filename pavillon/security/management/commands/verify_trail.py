from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pavillon.security import actions
from pavillon.security.queries import chained_logs
from pavillon.security.verification import faults_of


class Command(BaseCommand):
    help = "Read every log and name each line that was altered, taken away or slipped in. Exit 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        actions.seal_logs()
        found = 0
        for log in chained_logs():
            self.read = 0
            for fault in faults_of(log, self.tell_progress):
                found += 1
                self.stdout.write(self.style.ERROR(str(fault)))
            self.stdout.write(f"{log._meta.label_lower}: {self.read} lines read")
        if found:
            raise CommandError(f"The logs do not hold: {found} fault{'s' if found > 1 else ''}.")
        self.stdout.write(self.style.SUCCESS("Every line is as the application wrote it."))

    def tell_progress(self, log: str, lines: int) -> None:
        if lines // 100_000 > self.read // 100_000:
            self.stderr.write(f"{log}: {lines} lines…")
        self.read = lines
