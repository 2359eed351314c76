from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pavillon.privacy import dictionary


class Command(BaseCommand):
    help = "Print every table as Markdown: form and class of each field, and what must hold (docs/data.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rooms", nargs="*", help="only these rooms, for example crm services")

    def handle(self, *args: Any, **options: Any) -> None:
        walled, wanted = dictionary.walled_tables(), set(options["rooms"])
        for room, models in dictionary.rooms():
            if wanted and room not in wanted:
                continue
            self.stdout.write(f"# {room}\n")
            for model in models:
                self._tell(model, is_walled=model._meta.db_table in walled)

    def _tell(self, model: Any, *, is_walled: bool) -> None:
        first = (model.__doc__ or "").strip().splitlines()[0]
        self.stdout.write(f"## {model.__name__} (`{model._meta.db_table}`)\n")
        self.stdout.write(f"{first}\n")
        self.stdout.write("| Field | Form | Class |\n|---|---|---|")
        for field in dictionary.fields_of(model, is_walled=is_walled):
            self.stdout.write(f"| {field.name} | {field.form.replace('|', '/')} | {field.of} |")
        for rule in dictionary.rules_of(model):
            self.stdout.write(f"\n* {rule}")
        self.stdout.write("")
