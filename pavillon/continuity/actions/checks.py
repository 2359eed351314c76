"""What the installation found when it tested itself."""

from typing import Any

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.continuity.enums import CheckKind
from pavillon.continuity.models import Check


@transaction.atomic
def note_check(*, kind: CheckKind, seconds: float, results: list[dict[str, Any]], by: User | None = None) -> Check:
    """Keep the outcome of each test: [{code, is_good, value}]; `by` is who set them in motion, None the platform."""
    check = Check.objects.create(kind=kind, seconds=round(seconds, 2), results=results)
    record(
        "continuity.self_tested", check, by=by, kind=kind, passed=check.passed, tests=len(results),
        failed=[one["code"] for one in results if not one["is_good"]],
    )  # fmt: skip
    return check
