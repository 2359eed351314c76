"""Values offered by sources: what stands, what is set aside, what a person must choose."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record as write_trail
from pavillon.activity.actions import record_each as write_lines
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.actions.deriving import derive, follow_row
from pavillon.directory.actions.sources import source_of_person
from pavillon.directory.enums import ValueState
from pavillon.directory.events import companies_changed, company_changed, contact_changed
from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue, Source
from pavillon.directory.precedence import ColumnPolicy, Verdict
from pavillon.directory.queries.provenance import (
    Judged,
    Known,
    Offered,
    Record,
    ValueRow,
    groups_of,
    known_values,
    origin_of,
    said,
    weigh_values,
)
from pavillon.directory.values import Stored, is_empty, put, stored
from pavillon.reference.models import Commune

BATCH = 500
STATE_OF = {
    Verdict.APPLIED: ValueState.IN_USE,
    Verdict.KEPT: ValueState.SET_ASIDE,
    Verdict.CONFLICT: ValueState.DISPUTED,
}


def offer_values(
    *,
    record: Record,
    source: Source,
    values: Mapping[str, Any],
    observed_on: date,
    by: User | None,
    confidence: int = 80,
    policies: Mapping[str, ColumnPolicy] | None = None,
) -> Offered:
    """Offer what a source says of one company or contact; see `offer_many`."""
    return offer_many(
        [(record, values)], source=source, observed_on=observed_on, by=by, confidence=confidence, policies=policies
    )[0]


@transaction.atomic
def offer_many(
    offers: Sequence[tuple[Record, Mapping[str, Any]]],
    *,
    source: Source,
    observed_on: date,
    by: User | None,
    confidence: int = 80,
    policies: Mapping[str, ColumnPolicy] | None = None,
) -> list[Offered]:
    """Offer what a source says of records of one kind; every group is judged by `directory.precedence`.

    `offers` are (record, {column: value}); `observed_on` is the day on which the source knew, `confidence` a
    percentage. Values that win are written on the cards, with a line of the trail; the others are kept beside them, set
    aside or disputed. The same offer made again changes nothing. Returns what became of each, in order; a batch of 500
    companies takes a dozen statements, whatever changes.
    """
    results: list[Offered] = []
    for start in range(0, len(offers), BATCH):
        results += _offer_batch(offers[start : start + BATCH], source, observed_on, by, confidence, policies)
    return results


def _offer_batch(
    offers: Sequence[tuple[Record, Mapping[str, Any]]],
    source: Source,
    observed_on: date,
    by: User | None,
    confidence: int,
    policies: Mapping[str, ColumnPolicy] | None,
) -> list[Offered]:
    kind = type(offers[0][0])
    keys = {record.pk for record, _values in offers}
    locked = kind.objects.select_for_update(of=("self",)).select_related("origin").order_by("pk")
    records = {record.pk: record for record in locked.filter(pk__in=keys)}
    known = known_values(list(records.values()))
    results, book = [], Book(kind)
    communes = _communes(offers)
    written: list[tuple[Company, Changes]] = []
    for asked, values in offers:
        record = records[asked.pk]
        offered = weigh_values(
            record, known[record.pk], source=source, values=values, observed_on=observed_on, policies=policies
        )
        for one in offered.judged.values():
            book.enter(record, known[record.pk], one, source, observed_on, confidence, by)
        winning = {name: value for one in offered.applied.values() for name, value in one.after.items()}
        if winning and isinstance(record, Company):
            written.append((record, _put_on(record, winning, communes)))
        elif winning:
            write_card(record, winning, by, source)
        results.append(offered)
    book.close()
    _write_companies([(company, changes) for company, changes in written if changes], by, source)
    return results


def _communes(offers: Sequence[tuple[Record, Mapping[str, Any]]]) -> Mapping[str, Commune]:
    """The communes that a batch names, asked for once."""
    named = [values["commune"] for _record, values in offers if values.get("commune")]
    return Commune.objects.in_bulk({told.pk if isinstance(told, Commune) else told for told in named})


def _put_on(record: Record, values: Stored, communes: Mapping[str, Commune] | None = None) -> Changes:
    """Put stored values on a card with what follows from them; does not save."""
    before = snapshot(record)
    put(record, values)
    if communes and isinstance(record, Company) and record.commune_id and record.commune_id in communes:
        record.commune = communes[record.commune_id]
    derive(record)
    return changes_since(before, record)


def _write_companies(written: Sequence[tuple[Company, Changes]], by: User | None, source: Source) -> None:
    """Save the changed cards of a batch together: the columns, a line of the trail each, one announcement."""
    if not written:
        return
    companies = list({company.pk: company for company, _changes in written}.values())
    now = timezone.now()
    for company in companies:
        company.changed_at = now
    changed = {name for _company, changes in written for name in changes}
    columns = [field.name for field in Company._meta.concrete_fields if field.attname in changed]
    Company.objects.bulk_update(companies, [*columns, "changed_at"], batch_size=BATCH)
    facts = {"source": str(source)}
    write_lines("directory.company_changed", [((company,), changes, facts) for company, changes in written], by=by)
    if len(written) == 1:
        company_changed.send(sender=Company, company=companies[0], changes=written[0][1], by=by)
    else:
        companies_changed.send(sender=Company, companies=companies, written=written, by=by)


def write_card(record: Record, values: Stored, by: User | None, source: Source | None, **facts: Any) -> Changes:
    """Put stored values on a card: derived columns, trail and announcement included. The caller holds the lock."""
    changes = _put_on(record, values)
    if not changes:
        return changes
    record.save()
    told = {"source": str(source)} if source else {}
    if isinstance(record, Contact):
        follow_row(record)
        write_trail("directory.contact_changed", record, record.company, by=by, changes=changes, **told, **facts)
        contact_changed.send(sender=Contact, contact=record, changes=changes, by=by)
    else:
        write_trail("directory.company_changed", record, by=by, changes=changes, **told, **facts)
        company_changed.send(sender=Company, company=record, changes=changes, by=by)
    return changes


class Book:
    """The rows of provenance that a batch changes, written together at its end."""

    def __init__(self, kind: type[Record]) -> None:
        self.model: Any = ContactValue if kind is Contact else CompanyValue
        self.owner = "contact" if kind is Contact else "company"
        self.changed: dict[int, ValueRow] = {}
        self.added: list[ValueRow] = []

    def enter(
        self,
        record: Record,
        known: Known,
        one: Judged,
        source: Source,
        observed_on: date,
        confidence: int,
        by: User | None,
        *,
        locked_by: User | None = None,
    ) -> None:
        """Note what a source says of one group, and what that does to the other sources' words."""
        rows = known.setdefault(one.group, [])
        own = next((row for row in rows if row.source_id == source.pk), None)
        if one.reason == "never" or not self._is_worth_a_row(record, rows, own, one, source, observed_on, locked_by):
            return
        state = self._state(record, rows, own, one, source)
        if state is ValueState.IN_USE:
            self._set_others_aside(record, rows, own, one, source, settle=locked_by is not None)
        told = one.after
        if own is None:
            own = self.model(**{self.owner: record}, field=one.group, source=source)
            rows.append(own)
            self.added.append(own)
        elif observed_on < own.observed_on and one.verdict in (Verdict.KEPT, Verdict.SAME):
            return
        elif own.pk:
            self.changed[own.pk] = own
        own.observed_on, own.confidence, own.state, own.offered_by = observed_on, confidence, state, by
        own.locked_by = locked_by or (own.locked_by if one.verdict is Verdict.SAME else None)
        self._tell(own, told)

    def _is_worth_a_row(
        self,
        record: Record,
        rows: Sequence[ValueRow],
        own: ValueRow | None,
        one: Judged,
        source: Source,
        observed_on: date,
        locked_by: User | None,
    ) -> bool:
        """Rows stand only where the record's own origin is not the whole story: the base stays small."""
        if own is not None or locked_by is not None:
            return True
        if one.verdict is Verdict.SAME:
            return source != origin_of(record, one.group) and self._outranks(record, rows, source, one.group)
        if one.verdict is Verdict.APPLIED and not rows:
            return source != origin_of(record, one.group) or observed_on != record.sourced_on
        return True

    def _outranks(self, record: Record, rows: Sequence[ValueRow], source: Source, group: str) -> bool:
        """Whether a source that says the same is a better origin than the present one."""
        standing = next((row for row in rows if row.state == ValueState.IN_USE), None)
        if standing is not None:
            return not standing.is_locked and standing.source.trust < source.trust
        origin = origin_of(record, group)
        return origin is None or origin.trust < source.trust

    def _state(
        self, record: Record, rows: Sequence[ValueRow], own: ValueRow | None, one: Judged, source: Source
    ) -> ValueState:
        if one.verdict is not Verdict.SAME:
            return STATE_OF[one.verdict]
        if (own is not None and own.state == ValueState.IN_USE) or self._outranks(record, rows, source, one.group):
            return ValueState.IN_USE
        return ValueState.SET_ASIDE

    def _set_others_aside(
        self, record: Record, rows: list[ValueRow], own: ValueRow | None, one: Judged, source: Source, *, settle: bool
    ) -> None:
        """What stood before stays readable; disputes end when a person chose, or with the value that they opposed."""
        standing = [row for row in rows if row is not own and row.state == ValueState.IN_USE]
        for row in rows:
            ends = row in standing or (row.is_disputed and (settle or said(row) == one.after))
            if row is not own and ends:
                row.state, row.locked_by = ValueState.SET_ASIDE, None
                if row.pk:
                    self.changed[row.pk] = row
        origin = origin_of(record, one.group)
        if origin is None or standing or (own and own.state == ValueState.IN_USE):
            return
        is_known = source == origin or any(row.source_id == origin.pk for row in rows)
        if not is_known and one.before != one.after and not is_empty(one.before):
            former = self.model(
                **{self.owner: record},
                field=one.group,
                source=origin,
                observed_on=record.sourced_on or timezone.localdate(),
                state=ValueState.SET_ASIDE,
            )
            self._tell(former, one.before)
            rows.append(former)
            self.added.append(former)

    def _tell(self, row: ValueRow, value: Stored) -> None:
        if isinstance(row, ContactValue):
            row.sealed = json.dumps(value)
        else:
            row.value = value

    def close(self) -> None:
        """Write the rows: first what leaves the card, so that never two values of a field are in use."""
        told = "sealed" if self.owner == "contact" else "value"
        columns = ["state", "observed_on", "confidence", "offered_by", "locked_by", told]
        leaving = [row for row in self.changed.values() if row.state != ValueState.IN_USE]
        arriving = [row for row in self.changed.values() if row.state == ValueState.IN_USE]
        for rows in (leaving, arriving):
            if rows:
                self.model.objects.bulk_update(rows, columns, batch_size=BATCH)
        self.model.objects.bulk_create(self.added, batch_size=BATCH)


def note_hand(
    record: Record,
    before: Stored,
    by: User | None,
    *,
    source: Source | None = None,
    observed_on: date | None = None,
) -> None:
    """Note that a person (or a named source) wrote some columns of a card: `before` is what they said.

    An adviser's own word locks the groups that changed, and ends their disputes. Called by the actions that write a
    card, in their transaction; without person and source nothing is noted.
    """
    lock = by if by is not None and by.is_team and source is None else None
    source = source or source_of_person(by)
    if source is None:
        return
    book, known = Book(type(record)), known_values([record])[record.pk]
    for group, columns in groups_of(record).items():
        was = {name: before.get(name) for name in columns}
        now = stored(record, columns)
        if was != now:
            one = Judged(group, Verdict.APPLIED, "newer", was, now)
            book.enter(record, known, one, source, observed_on or timezone.localdate(), 100, by, locked_by=lock)
    book.close()


def whole(record: Record) -> Stored:
    """Everything with provenance that a record says, for `note_hand` to compare with."""
    return stored(record, [name for columns in groups_of(record).values() for name in columns])


__all__ = ["Book", "Offered", "note_hand", "offer_many", "offer_values", "said", "whole", "write_card"]
