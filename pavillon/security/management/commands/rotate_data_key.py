from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pavillon.security import actions
from pavillon.security.enums import Purpose


class Command(BaseCommand):
    help = "New data get a new data key; what older keys closed stays readable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("purpose", choices=[Purpose.VALUES.value, Purpose.LOG.value])
        parser.add_argument("--reason", required=True, help="why now, for the record")

    def handle(self, *args: Any, **options: Any) -> None:
        key = actions.rotate_data_key(purpose=Purpose(options["purpose"]), by=None, reason=options["reason"])
        self.stdout.write(f"{key.get_purpose_display()}: key {key.generation} is in use.")
