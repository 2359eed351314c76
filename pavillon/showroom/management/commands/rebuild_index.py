"""Writes the search index of the showroom anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from pavillon.showroom.actions import rebuild_index


class Command(BaseCommand):
    help = "Write the showroom's search index and vocabulary anew, in one transaction."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            self.stdout.write(f"{rebuild_index():,} entries")
