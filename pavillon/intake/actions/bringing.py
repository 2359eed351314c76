"""A file arrives, its columns are named, doubtful rows are decided."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.models import Source
from pavillon.directory.precedence import ColumnPolicy
from pavillon.intake import vault
from pavillon.intake.columns import TARGETS, guess_targets
from pavillon.intake.enums import Choice, DeliveryState, Outcome
from pavillon.intake.models import Delivery, DeliveryRow, Layout
from pavillon.intake.models.deliveries import signature_of
from pavillon.intake.reading import open_table
from pavillon.privacy.enums import LegalBasis

SAMPLE = 20
"""Rows shown beside the mapping."""


class AlreadyTaken(Exception):
    """The same file of the same source was taken over before: it is in `delivery`."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        super().__init__(
            _("This very file was taken over on %(day)s. Undo that first, or bring the newer file.")
            % {"day": delivery.taken_at.date() if delivery.taken_at else delivery.created_at.date()}
        )


class Busy(Exception):
    """Something is being done to the file: wait for its end."""


@transaction.atomic
def bring_delivery(
    *,
    source: Source,
    name: str,
    content: bytes,
    observed_on: date,
    legal_basis: LegalBasis,
    by: User,
    sheet: str = "",
    encoding: str = "",
    separator: str = "",
    header_line: int = 0,
) -> Delivery:
    """Keep a file and understand its columns; nothing of the base changes.

    The mapping is that of the last file of this source with the same columns, else guessed. Raises `BadFile` with the
    fault, and AlreadyTaken.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = Delivery.objects.filter(
        source=source, digest=digest, state__in=[DeliveryState.TAKING, DeliveryState.TAKEN]
    ).first()
    if known:
        raise AlreadyTaken(known)
    with vault.as_file(content) as path:
        table = open_table(path, sheet=sheet, encoding=encoding, separator=separator, header_line=header_line)
        rows = [cells for _line, cells in islice(table.rows(), SAMPLE)]
    delivery = Delivery.objects.create(
        source=source,
        organisation=by.organisation,
        brought_by=by,
        name=name[:200],
        digest=digest,
        size=len(content),
        reading={
            "format": table.format,
            "encoding": table.encoding,
            "separator": table.separator,
            "sheet": table.sheet,
            "sheets": table.sheets,
            "header_line": table.header_line,
        },
        header=table.header,
        sample=json.dumps(rows),
        mapping=_mapping_for(source, table.header, rows),
        observed_on=observed_on,
        legal_basis=legal_basis,
    )
    vault.store(delivery.pk, content)
    record("intake.delivery_brought", delivery, by=by, source=source.name, file=delivery.name)
    return delivery


def _mapping_for(source: Source, header: list[str], rows: list[list[str]]) -> dict[str, Any]:
    layout = Layout.objects.filter(source=source, signature=signature_of(header)).first()
    known = layout.mapping if layout else {}
    guessed = {} if layout else guess_targets(header, rows)
    return {
        name: known.get(name) or {"target": guessed.get(name, ""), "policy": ColumnPolicy.TRUST.value}
        for name in header
    }


@transaction.atomic
def choose_mapping(*, delivery: Delivery, mapping: Mapping[str, Mapping[str, str]], by: User) -> Delivery:
    """Name the columns and rehearse. Remembered for the next file of this source with the same columns.

    Raises Busy while something runs or after the take-over; ValueError for a target or policy that does not exist.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.is_busy or delivery.taken_at:
        raise Busy
    chosen = {name: _checked(mapping.get(name, {})) for name in delivery.header}
    targets = [one["target"] for one in chosen.values() if one["target"]]
    if len(targets) != len(set(targets)):
        raise ValueError(_("Two columns become the same thing: choose one of them."))
    Layout.objects.update_or_create(
        source=delivery.source, signature=signature_of(delivery.header), defaults={"mapping": chosen}
    )
    delivery.mapping, delivery.state, delivery.problem = chosen, DeliveryState.REHEARSING, ""
    delivery.rows_done, delivery.rehearsed, delivery.started_at = 0, {}, timezone.now()
    delivery.save()
    delivery.rows.update(
        outcome=Outcome.WAITING, foreseen="", score=None, company=None, contact=None, leader=None, choice=Choice.NONE
    )
    record("intake.delivery_mapped", delivery, by=by)
    app.configure_task("intake.rehearse_delivery").defer(delivery_id=delivery.pk)
    return delivery


def _checked(chosen: Mapping[str, str]) -> dict[str, str]:
    target, policy = chosen.get("target", ""), chosen.get("policy") or ColumnPolicy.TRUST.value
    if target and target not in TARGETS:
        raise ValueError(_("“%(target)s” is not something that a column can become.") % {"target": target})
    return {"target": target, "policy": ColumnPolicy(policy).value}


@transaction.atomic
def decide_row(*, row: DeliveryRow, choice: Choice, by: User) -> DeliveryRow:
    """Say whether a doubtful row is the company proposed, another one, or left out. Raises Busy after the rehearsal."""
    delivery = Delivery.objects.select_for_update().get(pk=row.delivery_id)
    if delivery.state != DeliveryState.REHEARSED:
        raise Busy
    row = DeliveryRow.objects.select_for_update().get(pk=row.pk)
    row.choice = choice
    row.save(update_fields=["choice"])
    record("intake.row_decided", delivery, by=by, line=row.line, choice=choice)
    return row
