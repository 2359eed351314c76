import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from keyservice.holding import KeyUnavailable
from pavillon.core.encryption import DataLocked
from pavillon.security.backup_keys import new_backup_key, open_backup_key


class Command(BaseCommand):
    help = "The key of the backups, for the commands `pavillon backup` and `restore`; nothing that a person types."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["new", "open"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "new":
                self.stdout.write(json.dumps(new_backup_key()))
            else:
                self.stdout.write(open_backup_key(json.loads(sys.stdin.read())))
        except (KeyUnavailable, DataLocked, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
