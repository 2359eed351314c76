from typing import Any

from django.core.management.base import BaseCommand

from pavillon.privacy.actions import publish_purpose
from pavillon.privacy.wording import PURPOSES


class Command(BaseCommand):
    help = "Put in force the purposes of personal data that the platform ships with; running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for order, ours in enumerate(PURPOSES, start=1):
            publish_purpose(
                code=ours.code,
                kind=ours.kind,
                legal_basis=ours.basis,
                names=ours.names,
                texts=ours.texts,
                is_essential=ours.is_essential,
                is_per_recipient=ours.is_per_recipient,
                valid_months=ours.valid_months,
                order=order,
            )
        if options.get("verbosity", 1):
            self.stdout.write(f"{len(PURPOSES)} purposes are in force.")
