from typing import Any

from django.core.management.base import BaseCommand

from pavillon.privacy.actions import publish_purpose
from pavillon.privacy.wording import PURPOSES


class Command(BaseCommand):
    help = "Put in force the purposes of personal data that the platform ships with; running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for order, (code, kind, basis, is_essential, names, texts) in enumerate(PURPOSES, start=1):
            publish_purpose(
                code=code,
                kind=kind,
                legal_basis=basis,
                names=names,
                texts=texts,
                is_essential=is_essential,
                order=order,
            )
        if options.get("verbosity", 1):
            self.stdout.write(f"{len(PURPOSES)} purposes are in force.")
