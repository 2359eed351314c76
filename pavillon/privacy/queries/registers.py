"""The register of processing as a table that leaves the house."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from pavillon.privacy.models import Processing


def processing_table(rows: Iterable[Processing]) -> Iterator[list[Any]]:
    """The register of article 30, a processing a line."""
    yield [_("Processing"), _("Aim"), _("Legal basis"), _("People concerned"), _("Data"), _("Recipients"),
           _("Outside the European Union"), _("Guarantees"), _("Kept"), _("Security measures"),
           _("Controller")]  # fmt: skip
    for row in rows:
        yield [
            row.name, row.aim, row.get_legal_basis_display(), row.people, row.data, row.recipients,
            _("yes") if row.leaves_eu else _("no"), row.transfer, row.kept, row.measures, row.controller,
        ]  # fmt: skip
