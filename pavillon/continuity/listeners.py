"""What other rooms found out about the installation."""

from typing import Any

from django.dispatch import receiver

from pavillon.continuity import actions
from pavillon.continuity.enums import CheckKind
from pavillon.security.events import logs_verified


@receiver(logs_verified)
def keep_the_verification(lines: int, faults: int, seconds: float, **event: Any) -> None:
    actions.note_check(
        kind=CheckKind.LOGS,
        seconds=seconds,
        results=[
            {"code": "lines", "is_good": faults == 0, "value": str(lines), "failed": [str(faults)] if faults else []}
        ],
    )
