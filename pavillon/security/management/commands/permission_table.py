import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Write docs/permissions.md: every page asked by every persona, in a test database."

    def handle(self, *args: Any, **options: Any) -> None:
        environment = {**os.environ, "WRITE_PERMISSIONS": "1", "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        test = "tests/test_permissions_table.py::test_permissions_table"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", test]
        if subprocess.run(command, cwd=settings.ROOT, env=environment, check=False).returncode:  # noqa: S603
            raise CommandError("The table was not written: a page answers with an error (see above).")
        self.stdout.write("docs/permissions.md is up to date.")
