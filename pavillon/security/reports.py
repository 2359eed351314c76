"""Tables that leave the house: the privilege matrix and the log of one record."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from pavillon.core.policy import governed
from pavillon.security.models import PolicyCell
from pavillon.security.queries import Scope, Shown, matrix


def policy_table() -> Iterator[list[Any]]:
    """Every square of the matrix for everyone, then every exception, one a line."""
    yield [_("For whom"), _("Object"), _("Field"), _("Role"), _("Level")]
    for model in governed():
        label = model._meta.label_lower
        for row in matrix(scope=Scope(), opened=label):
            if row.model == label:
                for cell in row.cells:
                    yield [_("Everyone"), row.model, row.field, cell.role_label, cell.level_name]
    exceptions = PolicyCell.objects.exclude(organisation=None, region=None, for_owner=False).select_related(
        "organisation", "region"
    )
    for own in exceptions.order_by("organisation__name", "region__code", "model", "field", "role"):
        whom = _("Each on his own records") if own.for_owner else own.organisation or own.region
        yield [str(whom), own.model, own.field, own.get_role_display(), own.get_level_display()]


def log_table(lines: list[Shown]) -> Iterator[list[Any]]:
    """The log of one record: a line of the log is a line of the file, a change of three fields three lines."""
    yield [_("When"), _("Person"), _("Organisation"), _("What"), _("How"), _("From where"), _("Page"),
           _("Field"), _("Old value"), _("New value")]  # fmt: skip
    for shown in lines:
        line = shown.line
        start = [
            line.happened_at,
            shown.person,
            shown.organisation,
            shown.what,
            line.how,
            line.address or "",
            line.path,
        ]
        for change in shown.changes:
            hidden = _("restricted") if change.is_restricted else ""
            yield [*start, change.field, hidden or change.old, hidden or change.new]
        if not shown.changes:
            yield [*start, "", "", ""]
