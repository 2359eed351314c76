"""Taking back what a source brought by mistake: a wrong file is undone as if it had not come, later work kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record as write_trail
from pavillon.activity.actions import record_each
from pavillon.core.wall import house
from pavillon.directory.actions.offering import write_card
from pavillon.directory.enums import ValueState
from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue, Source
from pavillon.directory.models.references import Rule, is_derived, rules_for
from pavillon.directory.queries.provenance import Record, groups_of, said
from pavillon.directory.values import Stored, stored

# What a record owns itself and loses with it, and the traces that outlive it: everything else is somebody's work.
OWN = frozenset(
    {
        "directory.company_other_sectors.company",
        "directory.companyvalue.company",
        "directory.contactvalue.contact",
        "directory.sourcerecord.company",
        "directory.sourcerecord.contact",
        "directory.formername.company",
        "directory.matchrecord.company",
        "directory.contactrole.company",
        "directory.contactrole.contact",
        "directory.channel.company",
        "directory.channel.contact",
        "activity.thread.subject",
        "metrics.daycount.company_id",
        "metrics.monthcount.company_id",
        "metrics.waiting.company_id",
        "security.reading.object_id",
    }
)


class StillUsed(Exception):
    """Others have worked on the record since: it stays. `uses` counts the rows by name of their table."""

    def __init__(self, record: Record, uses: Mapping[str, int]) -> None:
        self.uses = dict(uses)
        told = ", ".join(f"{name} ({number})" for name, number in uses.items())
        super().__init__(_("%(record)s stays, it is used by: %(uses)s.") % {"record": record, "uses": told})


@house()
@transaction.atomic
def withdraw_record(*, record: Record, by: User | None, besides: Collection[Contact] = ()) -> None:
    """Delete a company or a contact that a wrong import created. Raises StillUsed when anything else names it.

    `besides` are contacts that leave in the same transaction. Its trail and the log of its readers stay.
    """
    kind = type(record)
    record = kind.objects.select_for_update(of=("self",)).get(pk=record.pk)
    uses: dict[str, int] = {}
    for rule in _rules_of_work(kind):
        rows = _work_among(rule, rule.rows_of(record))
        if rule.model is Contact:
            rows = rows.exclude(pk__in=[contact.pk for contact in besides])
        if number := rows.count():
            uses[str(rule.model._meta.verbose_name)] = number
    if uses:
        raise StillUsed(record, uses)
    if isinstance(record, Company):
        for contact in besides:
            withdraw_record(record=contact, by=by)
        write_trail("directory.company_withdrawn", record, by=by, name=record.name)
    else:
        write_trail("directory.contact_withdrawn", record, record.company, by=by)
    record.delete()


def _rules_of_work(kind: type[Record]) -> list[Rule]:
    """The columns by which somebody's work may name a record."""
    return [rule for rule in rules_for(kind) if rule.key not in OWN and is_derived(rule) != Q()]


def _work_among(rule: Rule, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows that name a record which are somebody's work."""
    if rule.key == "directory.establishment.company":
        # The register's sites came with the company; one that a person entered is work.
        return rows.filter(is_from_register=False)
    derived = is_derived(rule)
    return rows.exclude(derived) if derived else rows


def _named(rule: Rule, records: Sequence[Record]) -> set[int]:
    """Which of the records somebody's work names in this column."""
    rows, column = rule.rows_of_many(records)
    return {int(number) for number in _work_among(rule, rows).order_by().values_list(column, flat=True).distinct()}


@house()
@transaction.atomic
def withdraw_records(*, records: Sequence[Record], by: User | None) -> set[int]:
    """Delete the companies, or the contacts, of `records` that nothing else names; the numbers of those that stay.

    As `withdraw_record`, in a fixed number of statements for a batch.
    """
    if not records:
        return set()
    kind = type(records[0])
    asked: Any = kind._base_manager.filter(pk__in=[one.pk for one in records]).order_by("pk")
    # The trail of a contact is told to its company too.
    found = {one.pk: one for one in (asked.select_related("company") if kind is Contact else asked)}
    list(kind._base_manager.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk").values_list("pk"))
    stays = {pk for rule in _rules_of_work(kind) for pk in _named(rule, list(found.values()))}
    leaving: list[Any] = [one for pk, one in found.items() if pk not in stays]
    if kind is Company:
        lines: list[Any] = [((one,), {}, {"name": one.name}) for one in leaving]
        record_each("directory.company_withdrawn", lines, by=by)
    else:
        record_each("directory.contact_withdrawn", [((one, one.company), {}, {}) for one in leaving], by=by)
    kind._base_manager.filter(pk__in=[one.pk for one in leaving]).delete()
    return stays


@transaction.atomic
def take_back_values(
    *, record: Record, source: Source, groups: Mapping[str, tuple[Stored, Stored]], by: User | None
) -> list[str]:
    """Undo what `offer_many` applied or noted for one record and source.

    `groups` are {group: (before, after)} as `Offered.judged` told them. A card that still says what the source wrote
    says again what it said before; one that was changed since keeps its newer value. The source's own word leaves in
    both cases. Returns the groups whose newer value stays.
    """
    kind = type(record)
    record = kind.objects.select_for_update(of=("self",)).get(pk=record.pk)
    model: Any = ContactValue if kind is Contact else CompanyValue
    owner = "contact" if kind is Contact else "company"
    kept: list[str] = []
    back: Stored = {}
    for group, (before, after) in groups.items():
        rows = list(model.objects.select_for_update().filter(**{owner: record}, field=group).order_by("-observed_on"))
        own = next((row for row in rows if row.source_id == source.pk), None)
        now = stored(record, groups_of(record)[group])
        if own is not None:
            own.delete()
        if now == before:
            continue
        if now != after:
            kept.append(group)
            continue
        back |= before
        standing = next((row for row in rows if row is not own and said(row) == before), None)
        if standing is not None:
            standing.state = ValueState.IN_USE
            standing.save(update_fields=["state", "changed_at"])
    if back:
        write_card(record, back, by, None, withdrawn=source.name)
    return kept
