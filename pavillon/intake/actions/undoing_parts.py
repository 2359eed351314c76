"""A wrong file of sites, markets, roles … is undone: what it made leaves, what it changed says again what it said."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import ProtectedError

from pavillon.accounts.models import User
from pavillon.directory.actions import StillUsed
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.models.parts import PartKind, kind_of
from pavillon.intake.queries.judging_parts import bringing_of


def undone_by(delivery: Delivery) -> User:
    """In whose name a file is undone; one whose undoing began before this was kept, in that of who brought it."""
    return delivery.undone_by or delivery.brought_by


def undo_parts(delivery: Delivery, rows: Sequence[DeliveryRow]) -> None:
    """Give each row of a batch its `undone_outcome`; inside its transaction, the last lines first."""
    kind = kind_of(delivery.kind)
    assert kind is not None
    for row in rows:
        row.undone_outcome = _undo_row(kind, delivery, row)


def _undo_row(kind: PartKind, delivery: Delivery, row: DeliveryRow) -> str:
    """removed (what the row made left), restored, kept (others' work since), nothing (it had written nothing)."""
    done = row.written
    part = kind.model._default_manager.filter(pk=done["part"]).first() if "part" in done else None
    if part is None:
        return "nothing"
    if "created" in done:
        if kind.said(part) != done["says"]:
            return "kept"
        refusals: tuple[type[Exception], ...] = (StillUsed, ProtectedError, *kind.refusals)
        try:
            with transaction.atomic():
                kind.remove(part, undone_by(delivery))
        except refusals:
            return "kept"
        return "removed"
    now = kind.said(part, done["changed"])
    back = {name: before for name, (before, after) in done["changed"].items() if now[name] == after}
    if back and not kind.is_ruled(part):
        kind.change(part, kind.restored(back), replace(bringing_of(delivery), by=undone_by(delivery)))
        part = kind.model._default_manager.get(pk=part.pk)
    stands = kind.said(part, done["changed"])
    return "restored" if all(stands[name] == before for name, (before, _a) in done["changed"].items()) else "kept"
