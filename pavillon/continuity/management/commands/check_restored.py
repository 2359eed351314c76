import json
from typing import Any

from django.core.management.base import BaseCommand

from pavillon.continuity.queries.self_tests import count_rows, opens_sealed_values
from pavillon.security.queries.logs import verified_logs


class Command(BaseCommand):
    help = "Look at a restored database: rows, logs, keys. Says one line of JSON, for `pavillon restore-test`."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        rows = count_rows()
        lines, faults = verified_logs()
        opens, values = opens_sealed_values()
        checks = [
            {"code": "rows", "is_good": rows > 0, "value": str(rows)},
            {"code": "logs_hold", "is_good": faults == 0, "value": str(lines)},
            {"code": "keys_open", "is_good": opens, "value": str(values)},
        ]
        self.stdout.write(json.dumps(checks))
