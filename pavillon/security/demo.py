"""Privileges as an agency would begin with them. Officers change them on the matrix."""

from typing import Any

from django.db import transaction

from pavillon.accounts.enums import Role
from pavillon.core.policy import WHOLE, Level, governed
from pavillon.security.actions import change_policy
from pavillon.security.models import PolicyCell

FIGURES = "Figures of companies stay within the public team"
PEOPLE = "Names of contacts go to those who work with them"
TRANSMITTED = "A private partner knows the companies transmitted to it, and no other"
OVERSIGHT = "Regions follow their companies, they do not keep the files"

# (role, object, fields, level, reason)
BEGINNING: list[tuple[Role, str, tuple[str, ...], Level, str]] = [
    (Role.PRIVATE_PARTNER, "directory.company", ("turnover", "export_turnover"), Level.FORBIDDEN, FIGURES),
    (Role.PRIVATE_PARTNER, "directory.company", (WHOLE,), Level.FORBIDDEN, TRANSMITTED),
    (Role.PRIVATE_PARTNER, "directory.contact", (WHOLE,), Level.FORBIDDEN, TRANSMITTED),
    (Role.PRIVATE_PARTNER, "directory.contact", ("email", "phone"), Level.FORBIDDEN, PEOPLE),
    (Role.PRIVATE_PARTNER, "crm.interaction", ("summary",), Level.FORBIDDEN, PEOPLE),
    (Role.OPERATOR, "directory.contact", (WHOLE,), Level.FORBIDDEN, PEOPLE),
    (Role.OPERATOR, "directory.company", ("turnover", "export_turnover"), Level.FORBIDDEN, FIGURES),
    (Role.EDITOR, "directory.contact", ("email", "phone"), Level.FORBIDDEN, PEOPLE),
    (Role.REGION_OFFICIAL, "directory.company", (WHOLE,), Level.READ, OVERSIGHT),
    (Role.REGION_OFFICIAL, "directory.contact", (WHOLE,), Level.READ, OVERSIGHT),
    (Role.REGION_OFFICIAL, "crm.lead", (WHOLE,), Level.READ, OVERSIGHT),
    (Role.REGION_OFFICIAL, "crm.interaction", ("summary",), Level.FORBIDDEN, OVERSIGHT),
]
# What is one's own: whoever proves a mission by what he wrote must be able to write it.
OWN: list[tuple[Role, str, tuple[str, ...], Level, str]] = [
    (Role.PRIVATE_PARTNER, "crm.interaction", ("summary",), Level.WRITE, "A partner writes and reads its own reports"),
    (Role.PRIVATE_PARTNER, "directory.company", (WHOLE,), Level.READ, TRANSMITTED),
    (Role.PRIVATE_PARTNER, "directory.contact", (WHOLE, "email", "phone"), Level.READ, TRANSMITTED),
]


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Write the first cells, once. Objects of rooms that are not installed are left out."""
    if PolicyCell.objects.exists():
        return
    known = {model._meta.label_lower: {WHOLE, *fields} for model, fields in governed().items()}
    told = [(False, *cell) for cell in BEGINNING] + [(True, *cell) for cell in OWN]
    for for_owner, role, model, fields, level, reason in told:
        for field in fields:
            if field in known.get(model, ()):
                change_policy(
                    for_owner=for_owner,
                    role=role,
                    model=model,
                    field=field,
                    level=level,
                    reason=reason,
                    by=world.get("users", {}).get("nora"),
                )
