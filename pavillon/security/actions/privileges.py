"""The privilege matrix."""

from typing import Any

from django.db import connection, transaction

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import WHOLE, Level, governed
from pavillon.core.trail import record
from pavillon.reference.models import Region
from pavillon.security.events import policy_changed
from pavillon.security.models import PolicyCell


class Changed(Exception):
    """Somebody else changed this cell since the screen was drawn; `level` is what it says now."""

    def __init__(self, level: Level | None) -> None:
        super().__init__(level)
        self.level = level


class NotGoverned(Exception):
    """No room put this object or field on the matrix."""


@transaction.atomic
def change_policy(
    *,
    role: Role,
    model: str,
    field: str = WHOLE,
    level: Level | None,
    by: User | None,
    reason: str,
    organisation: Organisation | None = None,
    region: Region | None = None,
    expected: Any = ...,
) -> None:
    """Say how far a role may go with an object or a field, for everyone or in one organisation or region.

    `level` None takes the cell away: the wider scope counts again. `expected` is the level that the person saw
    (None: no cell); when it no longer holds, raises Changed. Raises NotGoverned for an unknown object or field.
    """
    lines = {m._meta.label_lower: fields for m, fields in governed().items()}
    if model not in lines or field not in (WHOLE, *lines[model]):
        raise NotGoverned(f"{model}.{field}")
    with connection.cursor() as cursor:
        # A cell that does not exist yet cannot be locked: the scope's matrix is.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('privilege matrix'))")
    place = {"role": role, "model": model, "field": field, "organisation": organisation, "region": region}
    cell = PolicyCell.objects.filter(**place).first()
    old = Level(cell.level) if cell else None
    if expected is not ... and expected != old:
        raise Changed(old)
    if level == old:
        return
    if level is None and cell:
        about, removed = cell.pk, cell
        cell.delete()
        removed.pk = about  # the trail still names the cell that went
        cell = removed
    else:
        cell, _made = PolicyCell.objects.update_or_create(**place, defaults={"level": level})
    words = {None: None, **{each: each.name.lower() for each in Level}}
    record(
        "security.policy_changed",
        cell,
        by=by,
        changes={"level": [words[old], words[level]]},
        role=role,
        model=model,
        field=field,
        organisation=organisation.pk if organisation else None,
        region=region.pk if region else None,
        reason=reason,
    )
    policy_changed.send(sender=PolicyCell, role=role, model=model, field=field, level=level, by=by)
