"""The take-over of sites, markets, roles …: new ones many at once, known ones as their columns allow."""

import json
from collections.abc import Hashable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.intake.actions.working import is_taken_meanwhile, save_rows
from pavillon.intake.enums import Outcome
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.models.parts import PartKind, kind_of
from pavillon.intake.queries.judging_parts import JudgedPart, again, bringing_of
from pavillon.intake.queries.reading_rows import RowReader

TAKEN = ["company", "contact", "taken_outcome", "taken_at", "done"]


def take_parts(delivery: Delivery, rows: Sequence[DeliveryRow], reader: RowReader) -> None:
    """Take a batch over, judged again; inside its transaction. Rows of one part that were spelt differently wait."""
    kind = kind_of(delivery.kind)
    assert kind is not None
    by_line = {row.line: row for row in rows}
    waiting = list(rows)
    while waiting:
        judged = again(delivery, waiting, reader)
        now, later = _each_part_once(kind, judged)
        _add(kind, delivery, [one for one in now if one.row.outcome == Outcome.CREATED], by_line)
        for one in now:
            if one.row.outcome != Outcome.CREATED:
                _settle(kind, delivery, one, by_line[one.row.line])
        waiting = [by_line[one.row.line] for one in later]
    save_rows(rows, TAKEN)


def _each_part_once(kind: PartKind, judged: Sequence[JudgedPart]) -> tuple[list[JudgedPart], list[JudgedPart]]:
    """Those that may be written together, and those that must first see what the others wrote."""
    seen: set[Hashable] = set()
    now: list[JudgedPart] = []
    later: list[JudgedPart] = []
    for one in judged:
        if one.row.outcome != Outcome.CREATED or one.asked is None:
            now.append(one)
            continue
        mark = (one.row.company_id, one.row.contact_id, kind.mark(one.asked.values))
        (later if mark in seen else now).append(one)
        seen.add(mark)
    return now, later


def _add(kind: PartKind, delivery: Delivery, new: Sequence[JudgedPart], rows: dict[int, DeliveryRow]) -> None:
    """Write new parts at once; when the base refuses one of them, one by one, each refused with its own reason."""
    if not new:
        return
    bringing, refusals = bringing_of(delivery), _refusals(kind)
    try:
        with transaction.atomic():
            parts = kind.add([one.asked for one in new if one.asked], bringing)
    except refusals as refusal:
        _pass_on(refusal)
        if len(new) > 1:
            for one in new:
                _add(kind, delivery, [one], rows)
        else:
            _put(rows[new[0].row.line], new[0], Outcome.REJECTED, {"refused": _words(refusal)})
        return
    for one, part in zip(new, parts, strict=True):
        _put(rows[one.row.line], one, Outcome.CREATED, {"part": part.pk, "created": True, "says": kind.said(part)})


def _refusals(kind: PartKind) -> tuple[type[Exception], ...]:
    return (*kind.refusals, IntegrityError)


def _pass_on(refusal: Exception) -> None:
    """A broken promise of the base that nobody else's haste explains is no refusal of a row."""
    if isinstance(refusal, IntegrityError) and not is_taken_meanwhile(refusal):
        raise refusal


def _words(refusal: Exception) -> str:
    taken = _("Somebody else brought the same at this very moment. Bring the row again.")
    return taken if isinstance(refusal, IntegrityError) else str(refusal)


def _settle(kind: PartKind, delivery: Delivery, one: JudgedPart, row: DeliveryRow) -> None:
    """A known part gets what may be written; everything else writes nothing."""
    outcome, refusals = Outcome(one.row.outcome), _refusals(kind)
    written: dict[str, Any] = {}
    if outcome == Outcome.REJECTED:
        written["refused"] = " ".join(one.row.report.get("reasons", []))
    elif one.part is not None and one.changes:
        before = kind.said(one.part, one.changes)
        try:
            with transaction.atomic():
                kind.change(one.part, one.changes, bringing_of(delivery))
        except refusals as refusal:
            _pass_on(refusal)
            outcome, written = Outcome.REJECTED, {"refused": _words(refusal)}
        else:
            after = kind.said(kind.model._default_manager.get(pk=one.part.pk), one.changes)
            written = {"part": one.part.pk, "changed": {name: [before[name], after[name]] for name in after}}
    _put(row, one, outcome, written)


def _put(row: DeliveryRow, one: JudgedPart, outcome: Outcome, written: dict[str, Any]) -> None:
    row.company, row.contact = (None, None) if outcome == Outcome.REJECTED else (one.row.company, one.row.contact)
    row.taken_outcome, row.taken_at = outcome, timezone.now()
    row.done = json.dumps(written) if written else ""
