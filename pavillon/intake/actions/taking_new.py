"""Rows that have nothing to do with each other are written together, as `taking` writes them one by one.

Here those that bring a company which the base has not; those about known ones in `taking_known`.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.directory.actions import (
    NumberTaken,
    SirenTaken,
    add_contacts,
    create_companies,
    note_new_records,
)
from pavillon.directory.models import Company, RegisterUnit
from pavillon.directory.queries import ColumnPolicy, WrongNumber, WrongSiren, stand_apart
from pavillon.intake.actions.rehearsing import judge_rows, offered_values, policies_for
from pavillon.intake.actions.working import is_taken_meanwhile, save_rows
from pavillon.intake.enums import Outcome, Subject
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.queries.identifying import asked_of
from pavillon.intake.queries.reading_rows import Read, RowReader
from pavillon.privacy.queries import judge_many

# What the base refuses of one row: the row is refused with the base's own words, the others go on.
REFUSALS = (SirenTaken, NumberTaken, WrongNumber, WrongSiren)
# What only one company may have, besides its SIREN.
OTHER_NUMBERS = ("key", "vat_number", "national_number")


@dataclass
class New:
    """A row that brings a company, with what was written of it so far."""

    row: DeliveryRow
    read: Read
    day: date
    company: Company
    written: dict[str, Any]


@dataclass
class Batch:
    """The rows of a batch, read and judged again together; `apart` are lines that say nothing about any other."""

    rows: Sequence[DeliveryRow]
    judged: dict[int, DeliveryRow]
    reads: dict[int, Read]
    apart: set[int]


def judge_batch(delivery: Delivery, rows: Sequence[DeliveryRow], reader: RowReader) -> Batch:
    """Judge a batch as the base is now, before anything of it is written."""
    judged = [DeliveryRow(delivery=delivery, line=row.line, sealed=row.sealed, leader=row.leader) for row in rows]
    judge_rows(delivery, judged, reader)
    reads = {row.line: reader.read(row.cells) for row in rows}
    lone = stand_apart([asked_of(reads[row.line]) for row in rows])
    disputed = _disputed(list(reads.values()))
    apart = {
        row.line
        for row, is_apart in zip(rows, lone, strict=True)
        if is_apart and row.leader is None and not reads[row.line].contact.get("key")
        if disputed.isdisjoint(_other_numbers(reads[row.line]))
    }
    return Batch(rows, {one.line: one for one in judged}, reads, apart)


def take_new_rows(delivery: Delivery, batch: Batch) -> set[int]:
    """Take over at once the rows of a batch that bring a company which nobody knows; their lines.

    Two different SIRENs are never one company, so rows that have one say nothing about each other, unless they have
    another number in common; of the others those that stand apart. The rest is left to be taken one by one, and so is
    everything when the base refuses one of them.
    """
    rows, reads = batch.rows, batch.reads
    disputed = _disputed(list(reads.values()))
    plain = {
        one.line
        for one in batch.judged.values()
        if one.outcome == Outcome.CREATED and one.leader is None
        if reads[one.line].company.get("siren") or one.line in batch.apart
        if not reads[one.line].contact.get("key") and disputed.isdisjoint(_other_numbers(reads[one.line]))
    }
    sirens = [siren for line in plain if (siren := reads[line].company.get("siren"))]
    known = set(RegisterUnit.objects.filter(pk__in=sirens).values_list("pk", flat=True))
    by_day: dict[date, list[DeliveryRow]] = defaultdict(list)
    for row in rows:
        if row.line in plain and reads[row.line].company.get("siren") not in known:
            by_day[reads[row.line].row.get("observed_on", delivery.observed_on)].append(row)
    done: set[int] = set()
    places: dict[Any, Any] = {}
    for day, those in by_day.items():
        try:
            with transaction.atomic():
                _write(delivery, those, reads, day, places)
        except REFUSALS:
            continue
        except IntegrityError as error:
            if not is_taken_meanwhile(error):
                raise
            continue
        done |= {row.line for row in those}
    return done


def _other_numbers(read: Read) -> list[tuple[str, str]]:
    """What names the company of a row besides its SIREN, each with its kind."""
    return [(name, str(read.company[name])) for name in OTHER_NUMBERS if read.company.get(name)]


def _disputed(reads: Sequence[Read]) -> set[tuple[str, str]]:
    """Numbers that rows of different SIRENs, or of one and none, have in common: the earliest line has them."""
    sirens: dict[tuple[str, str], set[str]] = defaultdict(set)
    for read in reads:
        for number in _other_numbers(read):
            sirens[number].add(read.company.get("siren", ""))
    return {number for number, those in sirens.items() if len(those) > 1}


def _write(
    delivery: Delivery, rows: Sequence[DeliveryRow], reads: dict[int, Read], day: date, places: dict[Any, Any]
) -> None:
    source, by = delivery.source, delivery.brought_by
    left_out = {
        name for name, policy in policies_for(delivery, Subject.COMPANY).items() if policy is ColumnPolicy.NEVER
    }
    values = [_card(reads[row.line], left_out, places) for row in rows]
    companies = create_companies(rows=values, source=source, observed_on=day, by=by)
    news = [
        New(row, reads[row.line], day, company, {"created": company.pk})
        for row, company in zip(rows, companies, strict=True)
    ]
    keys = [new.read.company.get("key", "") for new in news]
    _note(news, note_new_records(records=companies, keys=keys, source=source, seen_on=day))
    _add_people(delivery, [new for new in news if new.read.has_contact], day)
    now = timezone.now()
    for new in news:
        new.row.company, new.row.taken_outcome, new.row.taken_at = new.company, Outcome.CREATED, now
        new.row.done = json.dumps(new.written)
    save_rows([new.row for new in news], ["company", "contact", "taken_outcome", "taken_at", "done"])


def _card(read: Read, left_out: set[str], places: dict[Any, Any]) -> dict[str, Any]:
    """The columns of a new card; those that the file may not write are left out, but for what names a company."""
    naming, siren = {"name", "vat_number", "national_number", "country"}, read.company.get("siren")
    said = {
        name: value for name, value in offered_values(read, places).items() if name in naming or name not in left_out
    }
    return said | {"siren": siren, "name": said.get("name") or f"SIREN {siren}"}


def _note(news: Sequence[New], noted: Sequence[Any]) -> None:
    for new, one in zip(news, noted, strict=True):
        new.written.setdefault("noted", []).append(one.pk)


def _add_people(delivery: Delivery, news: Sequence[New], day: date) -> None:
    """Their people; somebody who objected, or was erased, is not brought back by a file."""
    source, by = delivery.source, delivery.brought_by
    with_address = [new for new in news if new.read.contact.get("email")]
    for new, verdict in zip(
        with_address, judge_many([new.read.contact["email"] for new in with_address], "enrichment"), strict=True
    ):
        if not verdict:
            new.written["held_back"] = verdict.sentence
    welcome = [new for new in news if "held_back" not in new.written]
    people = [{"company": new.company, **person_said(new.read)} for new in welcome]
    contacts = add_contacts(people=people, source=source, observed_on=day, by=by)
    for new, contact in zip(welcome, contacts, strict=True):
        new.row.contact, new.written["contact_created"] = contact, contact.pk
    _note(welcome, note_new_records(records=contacts, keys=[""] * len(contacts), source=source, seen_on=day))


def person_said(read: Read) -> dict[str, Any]:
    """The columns of the person of a row; who has no name is called by the address."""
    said = {name: value for name, value in read.contact.items() if name != "key"}
    if not said.get("last_name"):
        said["last_name"] = said.get("email", "").partition("@")[0] or _("Unnamed")
    return said
