"""The privilege matrix."""

from collections.abc import Iterable
from types import EllipsisType
from typing import Any, Protocol

from django.apps import apps
from django.db import connection, transaction

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import WHOLE, Level, governed, has_owners, may_hide
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


class NeverHidden(Exception):
    """The field is the object's name: it may be locked; who must not know it is forbidden the object."""


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
    for_owner: bool = False,
    expected: Level | EllipsisType | None = ...,
) -> None:
    """Say how far a role may go with an object or a field: for everyone, in one organisation or region, or for
    each on the records that he owns (`for_owner`).

    `level` None takes the cell away: the wider scope counts again, and for everyone that means write. `expected`
    is the level that the person saw (None: no cell); when it no longer holds, raises Changed. Raises NotGoverned
    for an unknown object or field, NeverHidden for a name that would be forbidden.
    """
    lines = {m._meta.label_lower: fields for m, fields in governed().items()}
    if model not in lines or field not in (WHOLE, *lines[model]):
        raise NotGoverned(f"{model}.{field}")
    if level is Level.FORBIDDEN and not may_hide(model, field):
        raise NeverHidden(f"{model}.{field}")
    if for_owner and not has_owners(apps.get_model(model)):
        raise NotGoverned(f"{model}: nobody owns one")
    is_for_everyone = organisation is None and region is None and not for_owner
    if is_for_everyone and level == Level.WRITE:
        level = None
    with connection.cursor() as cursor:
        # A cell that does not exist yet cannot be locked: the whole matrix is, for a moment.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('privilege matrix'))")
    place: dict[str, Any] = {
        "role": role,
        "model": model,
        "field": field,
        "organisation": organisation,
        "region": region,
        "for_owner": for_owner,
    }
    cell = PolicyCell.objects.filter(**place).first()
    old = Level(cell.level) if cell else None
    if expected is not ... and expected != old:
        raise Changed(old)
    if level == old:
        return
    if level is None:
        assert cell is not None
        kept = PolicyCell(pk=cell.pk, **place)  # the trail still names the cell that goes
        cell.delete()
        cell = kept
    else:
        cell, _made = PolicyCell.objects.update_or_create(**place, defaults={"level": level})
    without = Level.WRITE if is_for_everyone else None
    record(
        "security.policy_changed",
        cell,
        by=by,
        changes={"level": [without if each is None else each.value for each in (old, level)]},
        role=role,
        object=model,
        field=field,
        organisation=organisation.pk if organisation else None,
        region=region.pk if region else None,
        for_owner=for_owner,
        reason=reason,
    )
    policy_changed.send(sender=PolicyCell, role=role, model=model, field=field, level=level, by=by)


class Wish(Protocol):
    """A cell that somebody wants otherwise: `old` is the level that he saw, None stands for no cell."""

    role: Role
    model: str
    field: str
    old: Level | None
    new: Level | None


@transaction.atomic
def change_policies(
    *,
    wishes: Iterable[Wish],
    by: User,
    reason: str,
    organisation: Organisation | None,
    region: Region | None,
    for_owner: bool = False,
) -> int:
    """Change several cells of one scope, all or none. Returns how many; raises as `change_policy` does."""
    wishes = list(wishes)
    for wish in wishes:
        change_policy(
            role=wish.role,
            model=wish.model,
            field=wish.field,
            level=wish.new,
            expected=wish.old,
            organisation=organisation,
            region=region,
            for_owner=for_owner,
            by=by,
            reason=reason,
        )
    return len(wishes)
