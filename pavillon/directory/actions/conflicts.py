"""People choose between the values of several sources."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record as write_trail
from pavillon.directory.actions.offering import write_card
from pavillon.directory.actions.sources import source_of_person
from pavillon.directory.enums import ValueState
from pavillon.directory.models import Contact, ContactValue
from pavillon.directory.queries.provenance import Record, ValueRow, groups_of, known_values, origin_of, said
from pavillon.directory.values import Stored, stored


class NothingToChoose(Exception):
    """The field has no such value any more: somebody chose before, or the source changed its word."""


@transaction.atomic
def resolve_conflict(*, value: ValueRow, by: User, reason: str = "") -> None:
    """Choose one source's value of a field: it is put on the card and locked, every other one is set aside.

    Raises NothingToChoose when the value is gone.
    """
    record, rows = _locked(value.record, value.field)
    chosen = next((row for row in rows if row.pk == value.pk), None)
    if chosen is None:
        raise NothingToChoose(value.field)
    _settle(record, value.field, rows, chosen, by, reason)


@transaction.atomic
def keep_value(*, record: Record, field: str, by: User, reason: str = "") -> None:
    """Stay with what the card says of a field (a group of columns): it is locked, every other value is set aside."""
    record, rows = _locked(record, field)
    standing = next((row for row in rows if row.state == ValueState.IN_USE), None)
    if standing is None:
        standing = _row_of_origin(record, field, by)
        rows.append(standing)
    _settle(record, field, rows, standing, by, reason)


def _locked(record: Record, field: str) -> tuple[Record, list[ValueRow]]:
    kind: Any = type(record)
    record = kind.objects.select_for_update(of=("self",)).select_related("origin").get(pk=record.pk)
    return record, known_values([record])[record.pk][field]


def _row_of_origin(record: Record, field: str, by: User) -> ValueRow:
    """What the card says as a row of its own: the word of whoever brought the record."""
    says = stored(record, groups_of(record)[field])
    told = {
        "field": field,
        "source": origin_of(record, field) or source_of_person(by),
        "observed_on": record.sourced_on or timezone.localdate(),
        "state": ValueState.SET_ASIDE,
    }
    if isinstance(record, Contact):
        return ContactValue.objects.create(contact=record, sealed=json.dumps(says), **told)
    return record.values_offered.create(value=says, **told)


def _settle(record: Record, field: str, rows: Sequence[ValueRow], chosen: ValueRow, by: User, reason: str) -> None:
    """Lock the chosen value and put it on the card; the trail keeps who chose, between which sources, and why."""
    facts: dict[str, Any] = {
        "field": field,
        "source": str(chosen.source),
        "against": _others(rows, chosen),
        "reason": reason,
    }
    for row in rows:
        if row.pk != chosen.pk and (row.state != ValueState.SET_ASIDE or row.locked_by_id):
            row.state, row.locked_by = ValueState.SET_ASIDE, None
            row.save(update_fields=["state", "locked_by", "changed_at"])
    chosen.state, chosen.locked_by = ValueState.IN_USE, by
    chosen.save(update_fields=["state", "locked_by", "changed_at"])
    says: Stored = said(chosen)
    write_card(record, says, by, None)
    write_trail("directory.conflict_resolved", record, by=by, **facts)


def _others(rows: Sequence[ValueRow], chosen: ValueRow) -> list[str]:
    return sorted({str(row.source) for row in rows if row.pk != chosen.pk})
