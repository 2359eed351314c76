"""What is known of the origin of values, and what an offer would do."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pavillon.directory.enums import SourceKind, ValueState
from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue, Source
from pavillon.directory.precedence import (
    COMPANY_GROUPS,
    CONTACT_GROUPS,
    REASONS,
    REGISTERED,
    ColumnPolicy,
    Verdict,
    Word,
    judge,
)
from pavillon.directory.values import Stored, completed, given, is_empty, stored
from pavillon.ui import steady

Record = Company | Contact
ValueRow = CompanyValue | ContactValue


def groups_of(record: Record | type[Record]) -> Mapping[str, tuple[str, ...]]:
    """The groups of columns of a company or of a contact."""
    kind = record if isinstance(record, type) else type(record)
    return CONTACT_GROUPS if kind is Contact else COMPANY_GROUPS


def said(row: ValueRow) -> Stored:
    """What a stored value says: {column: stored value}."""
    return dict(json.loads(row.sealed)) if isinstance(row, ContactValue) else dict(row.value)


Known = dict[str, list[ValueRow]]


def known_values(records: Sequence[Record]) -> dict[int, Known]:
    """The stored values of records of one kind: {record's key: {group: rows}}. One statement."""
    found: dict[int, Known] = {record.pk: defaultdict(list) for record in records}
    if not records:
        return found
    name = "contact" if isinstance(records[0], Contact) else "company"
    model: Any = ContactValue if name == "contact" else CompanyValue
    rows = model.objects.filter(**{f"{name}__in": [record.pk for record in records]})
    for row in rows.select_related("source", "locked_by", "offered_by").order_by("pk"):
        found[getattr(row, f"{name}_id")][row.field].append(row)
    return found


def by_group(rows: Iterable[ValueRow]) -> Known:
    """The values of one record: {group: rows}."""
    found: Known = defaultdict(list)
    for row in rows:
        found[row.field].append(row)
    return found


# With what the origins of a card say (`queries.card.origins_of`).
_values_of = steady.Form(
    lambda company: (
        CompanyValue.objects.filter(company=company)
        .select_related("source", "locked_by")
        .only(
            *("company", "field", "state", "observed_on", "confidence", "source__code", "source__kind"),
            *("source__name", "locked_by__first_name", "locked_by__last_name", "locked_by__email"),
        )
        .order_by("pk")
    ),
    (1_777_000_001,),
    (1_888_000_002,),
)


def values_part(company: Company) -> steady.Part:
    """The values of one company, without what each says, to be asked with other questions (`ui.together`)."""
    return _values_of.part(company.pk)


def origin_of(record: Record, group: str) -> Source | None:
    """Whose word a group is that no row tells: the source that brought the record, None when nobody knows."""
    origin = record.origin
    if origin is not None and origin.kind == SourceKind.REGISTER and group not in REGISTERED:
        return None
    return origin


def word_of(record: Record, rows: Iterable[ValueRow], group: str) -> Word:
    """Who says what stands on the card: the row in use, or whoever brought the record."""
    row = next((row for row in rows if row.state == ValueState.IN_USE), None)
    if row:
        return Word(
            row.source_id,
            row.source.trust,
            row.observed_on,
            is_locked=row.locked_by_id is not None,
            is_register=row.source.kind == SourceKind.REGISTER,
        )
    origin = origin_of(record, group)
    if origin is None:
        return Word(None)
    return Word(origin.pk, origin.trust, record.sourced_on, is_register=origin.kind == SourceKind.REGISTER)


@dataclass(frozen=True)
class Judged:
    """What becomes of the value offered for one group: the whole group before and after, and the reason's key."""

    group: str
    verdict: Verdict
    reason: str
    before: Stored
    after: Stored

    @property
    def why(self) -> str:
        return str(REASONS[self.reason])


@dataclass
class Offered:
    """What became of an offer, group by group."""

    judged: dict[str, Judged] = field(default_factory=dict)

    def of(self, verdict: Verdict) -> dict[str, Judged]:
        return {group: one for group, one in self.judged.items() if one.verdict is verdict}

    @property
    def applied(self) -> dict[str, Judged]:
        return self.of(Verdict.APPLIED)

    @property
    def kept(self) -> dict[str, Judged]:
        return self.of(Verdict.KEPT)

    @property
    def conflicts(self) -> dict[str, Judged]:
        return self.of(Verdict.CONFLICT)

    @property
    def same(self) -> dict[str, Judged]:
        return self.of(Verdict.SAME)


def weigh_values(
    record: Record,
    known: Known,
    *,
    source: Source,
    values: Mapping[str, Any],
    observed_on: date,
    policies: Mapping[str, ColumnPolicy] | None = None,
) -> Offered:
    """What an offer would do to a record. Writes nothing, asks nothing: `known` comes from `known_values`.

    `values` are columns by name (rows or keys for related ones); empty ones are left out, and so are columns without
    provenance. `policies` are by group or by column.
    """
    policies = policies or {}
    offered = given(record, values)
    result = Offered()
    word = Word(source.pk, source.trust, observed_on, is_register=source.kind == SourceKind.REGISTER)
    for group, columns in groups_of(record).items():
        told = {name: offered[name] for name in columns if name in offered}
        if not told or (group == "family" and isinstance(record, Company) and record.siren):
            continue  # A company with a SIREN is a French one, whoever says what.
        before = stored(record, columns)
        rows = known.get(group, [])
        policy = next((policies[name] for name in (group, *columns) if name in policies), ColumnPolicy.TRUST)
        is_equal = all(before[name] == value for name, value in told.items())
        is_free = is_empty({name: before[name] for name in told}) and not _is_locked(rows)
        stands = None if is_free else word_of(record, rows, group)
        verdict, reason = judge(stands, word, group=group, policy=policy, equal=is_equal)
        after = before if is_equal else completed(group, before, told)
        if verdict is Verdict.CONFLICT and _was_settled(rows, source, after):
            verdict, reason = Verdict.KEPT, "settled"
        result.judged[group] = Judged(group, verdict, reason, before, after)
    return result


def _is_locked(rows: Iterable[ValueRow]) -> bool:
    return any(row.locked_by_id is not None and row.state == ValueState.IN_USE for row in rows)


def _was_settled(rows: Sequence[ValueRow], source: Source, after: Stored) -> bool:
    """Whether a person already preferred another value to this very one."""
    if not _is_locked(rows):
        return False
    return any(row.source_id == source.pk and row.state == ValueState.SET_ASIDE and said(row) == after for row in rows)


def rehearse_values(
    records: Sequence[Record],
    offers: Sequence[Mapping[str, Any]],
    *,
    source: Source,
    observed_on: date,
    policies: Mapping[str, ColumnPolicy] | None = None,
) -> list[Offered]:
    """What `actions.offer_many` would do, without writing: one result for each record. One statement."""
    known = known_values(records)
    return [
        weigh_values(record, known[record.pk], source=source, values=values, observed_on=observed_on, policies=policies)
        for record, values in zip(records, offers, strict=True)
    ]
