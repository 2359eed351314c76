import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pavillon.continuity import actions
from pavillon.continuity.enums import CheckKind
from pavillon.continuity.queries.self_tests import access_results


class Command(BaseCommand):
    help = (
        "Run the access tests on this installation; their outcome goes to the officer's register. Exit 1 if one fails."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        results = access_results()
        check = actions.note_check(kind=CheckKind.ACCESS, seconds=time.monotonic() - started, results=results)
        for one in results:
            sign = "passed" if one["is_good"] else "FAILED"
            self.stdout.write(f"{sign} {one['code']} ({one['value']}) {', '.join(one['failed'])}".rstrip())
        if not check.is_good:
            raise CommandError(f"{len(results) - check.passed} of {len(results)} access tests failed.")
