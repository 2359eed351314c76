from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pavillon.security.master import source
from pavillon.security.models import DataKey


class Command(BaseCommand):
    help = "Make the master key of a new installation. An existing key is never replaced."

    def handle(self, *args: Any, **options: Any) -> None:
        # A new key beside data that another key wrapped would look right and open nothing.
        if DataKey.objects.exists():
            raise CommandError("This database already has data keys: put back the master key that wrapped them.")
        source().create()
        source().wrapping()
        self.stdout.write("The master key is in place. Keep a copy of it away from the database's backups.")
