"""A file arrives, its columns are named, doubtful rows are decided."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.actions import create_source
from pavillon.directory.enums import SourceKind
from pavillon.directory.models import Source
from pavillon.directory.queries import ColumnPolicy
from pavillon.intake import vault
from pavillon.intake.columns import guess_targets
from pavillon.intake.enums import COMPANIES, Choice, DeliveryState, Outcome
from pavillon.intake.models import Delivery, DeliveryRow, Layout
from pavillon.intake.models.deliveries import signature_of
from pavillon.intake.models.parts import kind_of, targets_for
from pavillon.intake.reading import open_table
from pavillon.privacy.enums import LegalBasis
from pavillon.ui.words import day as day_in_words

# One of these must be told, or no row could be about any company.
NAMING = frozenset(
    {f"company.{name}" for name in ("siren", "name", "key", "vat_number", "national_number")} | {"part.siret"}
)
TASKS = {
    DeliveryState.REHEARSING: "intake.rehearse_delivery",
    DeliveryState.TAKING: "intake.take_delivery",
    DeliveryState.UNDOING: "intake.undo_delivery",
}
SAMPLE = 20
"""Rows shown beside the mapping."""


class AlreadyTaken(Exception):
    """The same file of the same source was taken over before: it is in `delivery`."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        super().__init__(
            _("This very file was taken over on %(day)s. Undo that first, or bring the newer file.")
            % {"day": day_in_words(delivery.taken_at or delivery.created_at)}
        )


class Busy(Exception):
    """Something is being done to the file: wait for its end."""

    def __init__(self) -> None:
        super().__init__(_("Something is being done to this file. Wait for its end, then try again."))


@transaction.atomic
def bring_delivery(
    *,
    source: Source | None,
    name: str,
    content: bytes,
    observed_on: date,
    legal_basis: LegalBasis,
    by: User,
    sheet: str = "",
    encoding: str = "",
    separator: str = "",
    header_line: int = 0,
    new_source: Mapping[str, Any] | None = None,
    kind: str = COMPANIES,
) -> Delivery:
    """Keep a file and understand its columns; nothing of the base changes.

    The mapping is that of the last file of this source with the same columns, else guessed. Without a source, one of
    the name and kind in `new_source` is created with the file. `kind` is what its rows are.
    Raises `BadFile` with the fault, and AlreadyTaken.
    """
    with vault.as_file(content) as path:
        found = _look(path, sheet=sheet, encoding=encoding, separator=separator, header_line=header_line)
        digest = _digest(path, found["reading"])
    known = Delivery.objects.filter(
        source=source, kind=kind, digest=digest, state__in=[DeliveryState.TAKING, DeliveryState.TAKEN]
    ).first()
    # A workbook comes once for each of its sheets: which one is meant may still be said.
    if known and (sheet or len(found["reading"]["sheets"]) < 2):
        raise AlreadyTaken(known)
    if source is None:
        source = _new_source(by, **(new_source or {}))
    delivery = Delivery.objects.create(
        source=source,
        organisation=by.organisation,
        brought_by=by,
        kind=kind,
        name=name[:200],
        digest=digest,
        size=len(content),
        mapping=_mapping_for(source, kind, found["header"], json.loads(found["sample"])),
        observed_on=observed_on,
        legal_basis=legal_basis,
        **found,
    )
    vault.store(delivery.pk, content)
    record("intake.delivery_brought", delivery, by=by, source=source.name, file=delivery.name)
    return delivery


@transaction.atomic
def reread_delivery(
    *,
    delivery: Delivery,
    by: User,
    sheet: str = "",
    encoding: str = "",
    separator: str = "",
    header_line: int = 0,
) -> Delivery:
    """Read a file again in another way than was found; its columns are guessed anew.

    Raises Busy while something runs or once its rows are stored, `BadFile` with the fault.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.is_busy or delivery.is_read:
        raise Busy
    with vault.opened(delivery.pk) as path:
        found = _look(path, sheet=sheet, encoding=encoding, separator=separator, header_line=header_line)
        delivery.digest = _digest(path, found["reading"])
    for name, value in found.items():
        setattr(delivery, name, value)
    delivery.mapping = _mapping_for(delivery.source, delivery.kind, delivery.header, delivery.first_rows)
    delivery.state, delivery.problem = DeliveryState.BROUGHT, ""
    delivery.save()
    told: dict[str, Any] = {name: str(value) for name, value in delivery.reading.items()}
    record("intake.delivery_reread", delivery, by=by, **told)
    return delivery


def _new_source(by: User, *, name: str, kind: SourceKind) -> Source:
    """A source under a code that no other has."""
    plain = slugify(name)[:40] or kind.value
    taken = set(Source.objects.filter(code__startswith=plain).values_list("code", flat=True))
    code = next(code for code in chain([plain], (f"{plain}-{n}" for n in count(2))) if code not in taken)
    return create_source(code=code, name=name, kind=kind, by=by, organisation=by.organisation)


def _digest(path: Path, reading: Mapping[str, Any]) -> str:
    """What makes a file the same: its bytes, and the sheet when it has several."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    if len(reading["sheets"]) > 1:
        digest.update(str(reading["sheet"]).encode())
    return digest.hexdigest()


def _look(path: Path, **asked: Any) -> dict[str, Any]:
    """How a file is read, its columns and its first rows, as columns of `Delivery`. Raises `BadFile`."""
    table = open_table(path, **asked)
    rows = [cells for _line, cells in islice(table.rows(), SAMPLE)]
    names = ("format", "encoding", "separator", "sheet", "sheets", "header_line")
    return {
        "reading": {name: getattr(table, name) for name in names},
        "header": table.header,
        "sample": json.dumps(rows),
    }


def _mapping_for(source: Source, kind: str, header: list[str], rows: list[list[str]]) -> dict[str, Any]:
    layout = Layout.objects.filter(source=source, signature=signature_of(header, kind)).first()
    known = layout.mapping if layout else {}
    guessed = {} if layout else guess_targets(header, rows, targets_for(kind))
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
    known = targets_for(delivery.kind)
    chosen = {name: _checked(mapping.get(name, {}), known) for name in delivery.header}
    targets = [one["target"] for one in chosen.values() if one["target"]]
    if len(targets) != len(set(targets)):
        raise ValueError(_("Two columns become the same thing: choose one of them."))
    kind = kind_of(delivery.kind)
    alone = {f"part.{kind.stands_for_company}"} if kind and kind.stands_for_company else set()
    if not (NAMING | alone).intersection(targets):
        raise ValueError(
            _("No column says which company a row is about: choose one for SIREN, name or the partner's number.")
        )
    Layout.objects.update_or_create(
        source=delivery.source, signature=signature_of(delivery.header, delivery.kind), defaults={"mapping": chosen}
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


def _checked(chosen: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str]:
    target, policy = chosen.get("target", ""), chosen.get("policy") or ColumnPolicy.TRUST.value
    if target and target not in known:
        raise ValueError(_("“%(target)s” is not something that a column can become.") % {"target": target})
    return {"target": target, "policy": ColumnPolicy(policy).value}


def resume_delivery(*, delivery: Delivery, by: User) -> Delivery:
    """Set a phase going again whose worker stopped; rows already worked off are not done twice. Raises Busy."""
    if not delivery.is_stuck:
        raise Busy
    with transaction.atomic():
        record("intake.delivery_resumed", delivery, by=by)
        _set_going(delivery)
    return delivery


def resume_deliveries() -> int:
    """Set going again every file whose worker stopped without a word; how many."""
    stuck = [delivery for delivery in Delivery.objects.filter(state__in=TASKS) if delivery.is_stuck]
    for delivery in stuck:
        with transaction.atomic():
            record("intake.delivery_resumed", delivery, by=None)
            _set_going(delivery)
    return len(stuck)


def _set_going(delivery: Delivery) -> None:
    delivery.save(update_fields=["changed_at"])
    app.configure_task(TASKS[DeliveryState(delivery.state)]).defer(delivery_id=delivery.pk)


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
