from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pavillon.security import actions, collector


class Command(BaseCommand):
    help = "Seal the logs and send what the collector has not taken yet. Exit 1 when it does not take it."

    def handle(self, *args: Any, **options: Any) -> None:
        if not collector.place():
            raise CommandError("No collector is named: set PAVILLON_LOG_COLLECTOR_URL=tls://host:6514.")
        shipped = actions.ship_logs()
        for log, lines in shipped.lines.items():
            self.stdout.write(f"{log}: {lines} lines sent to {collector.place()}")
        if shipped.failures:
            raise CommandError("; ".join(f"{log}: {reason}" for log, reason in shipped.failures.items()))
