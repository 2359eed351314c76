import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from keyservice.holding import KeyUnavailable
from pavillon.core.encryption import DataLocked
from pavillon.security.backup_keys import (
    ForgedManifest,
    check_manifest,
    new_backup_key,
    open_backup_key,
    open_signing_key,
    sign_manifest,
)


class Command(BaseCommand):
    help = "The key of the backups, for the commands `pavillon backup` and `restore`; nothing that a person types."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["new", "open", "signing", "sign", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(self._answer(options["what"]))
        except (KeyUnavailable, DataLocked, ImproperlyConfigured, ForgedManifest) as error:
            raise CommandError(str(error)) from None

    def _answer(self, what: str) -> str:
        if what == "new":
            return json.dumps(new_backup_key())
        told = json.loads(sys.stdin.read())
        if what == "open":
            return open_backup_key(told)
        if what == "signing":
            return open_signing_key(told)
        if what == "sign":
            return json.dumps(sign_manifest(told["key"], told["text"]))
        check_manifest(told["key"], told["text"], told["signature"])
        return "signed"
