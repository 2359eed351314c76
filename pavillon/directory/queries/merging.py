"""Two records side by side, what points at one of them, and what stands in the way of merging or undoing."""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.policy import readable
from pavillon.core.wall import house
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.models.references import rules_for
from pavillon.directory.precedence import COMPANY_GROUPS, CONTACT_GROUPS
from pavillon.ui.templatetags.ui import shown_value
from pavillon.ui.words import day as day_in_words

# Columns that fill an empty one of the kept record, but that nobody chooses: they come with what they tie.
NOT_CHOSEN: dict[type[models.Model], tuple[str, ...]] = {Company: ("organisation", "is_sensitive"), Contact: ("user",)}


# What a field says when nobody filled it.
EMPTY: tuple[Any, ...] = (None, "", False, [])


def merge_groups(model: type[models.Model]) -> dict[str, tuple[str, ...]]:
    """What is chosen of two companies or contacts: groups of columns that are never half of one and half of another.

    Columns of the groups of `directory.precedence`, and every other column that people write, by itself.
    """
    groups = dict(COMPANY_GROUPS if model is Company else CONTACT_GROUPS)
    grouped = {name for columns in groups.values() for name in columns}
    single = (f.name for f in model._meta.concrete_fields if f.editable and not f.primary_key)
    return groups | {name: (name,) for name in single if name not in grouped}


def side_taken(kept: Company | Contact, removed: Company | Contact, columns: tuple[str, ...]) -> str:
    """The side that a group takes when nobody chooses: the removed one's when it completes, and never contradicts."""
    for name in columns:
        mine, other = getattr(kept, name), getattr(removed, name)
        if isinstance(kept._meta.get_field(name), models.BooleanField):
            return "removed" if other and not mine else "kept"
        if mine not in EMPTY and mine != other and not _is_default(kept, name, columns):
            return "kept"
    mine, other = ([getattr(each, name) for name in columns] for each in (kept, removed))
    return "removed" if mine != other and any(value not in EMPTY for value in other) else "kept"


def _is_default(record: Company | Contact, name: str, columns: tuple[str, ...]) -> bool:
    """A country that stands alone in an address was never written by anybody."""
    column = record._meta.get_field(name)
    if len(columns) == 1 or not column.has_default():  # type: ignore[union-attr]
        return False
    return all(getattr(record, other) in EMPTY for other in columns if other != name)


def why_not_merged(kept: Company | Contact, removed: Company | Contact) -> str:
    """The reason for which these two are not merged, "" when they may be."""
    for each in (kept, removed):
        if each.is_merged:
            return _("%(name)s was merged into another record before.") % {"name": each}
    if isinstance(kept, Contact) or isinstance(removed, Contact):
        if kept.user_id and removed.user_id and kept.user_id != removed.user_id:  # type: ignore[union-attr]
            return _("Both people have an account of their own: one of the accounts must be closed first.")
        return ""
    if kept.siren and removed.siren and kept.siren != removed.siren:
        return _("The SIREN differ (%(one)s and %(other)s): these are two legal units, not one company.") % {
            "one": kept.siren,
            "other": removed.siren,
        }
    if kept.organisation_id and removed.organisation_id:
        return _("Both companies have an account of their own: their people must be brought together first.")
    return ""


@house()
def why_not_undone(event: MergeEvent) -> str:
    """The reason for which a merge cannot be undone now, and what to do first; "" when it can."""
    model = apps.get_model("directory", event.kind)
    if event.is_undone:
        return _("This merge was undone on %(day)s.") % {"day": day_in_words(event.undone_at)}
    if not event.before:
        return _("A person asked to be forgotten: what both records said is no longer known.")
    kept = model._base_manager.get(pk=event.kept)
    if kept.is_merged:
        return _("%(kept)s was itself merged into %(other)s: undo that merge first.") % {
            "kept": kept,
            "other": kept.merged_into,
        }
    return _taken_number(model, event) or _built_upon(event)


def _taken_number(model: type[models.Model], event: MergeEvent) -> str:
    """A number that the removed record needs back was given to a third one."""
    for column in model._meta.concrete_fields:
        before, _after = event.after["removed"].get(column.column, ["null", "null"])
        if not column.unique or column.primary_key or before == "null":
            continue
        value = json.loads(before)
        holder = model._base_manager.filter(**{column.attname: value}).exclude(pk__in=[event.kept, event.removed])
        if other := holder.first():
            return _("%(field)s %(value)s now belongs to %(other)s: merge or change that record first.") % {
                "field": str(column.verbose_name),
                "value": value,
                "other": other,
            }
    return ""


def _built_upon(event: MergeEvent) -> str:
    """A later merge put rows onto one that this merge brought: a shop that took the sheets of another, for example."""
    brought = {(key.rsplit(".", 1)[0], str(pk)) for key, pks in event.moved.get("moved", {}).items() for pk in pks}
    brought |= {(label, str(pk)) for label, pk, _columns in event.moved.get("changed", [])}
    later = MergeEvent.objects.standing().filter(kind=event.kind, kept=event.kept, pk__gt=event.pk).order_by("pk")
    for each in later:
        for label, _pk, columns in each.moved.get("changed", []):
            tied = {f.column: f for f in apps.get_model(label)._meta.concrete_fields if f.is_relation}
            for name, (_before, after) in columns.items():
                target = tied[name].related_model._meta.label_lower if name in tied else ""
                if (target, json.loads(after) if after[:1] == '"' else after) in brought:
                    return _("The merge of %(name)s on %(day)s builds upon this one: undo that merge first.") % {
                        "name": each.removed_name,
                        "day": day_in_words(each.merged_at),
                    }
    return ""


@dataclass(frozen=True)
class Compared:
    """A field of two records side by side; `takes` is the side that the merged one takes unless chosen otherwise."""

    name: str
    label: str
    kept: str
    removed: str
    takes: str

    @property
    def differs(self) -> bool:
        return bool(self.kept and self.removed and self.kept != self.removed)

    @property
    def result(self) -> str:
        return self.removed if self.takes == "removed" else self.kept


def compare_records(kept: Company | Contact, removed: Company | Contact, user: User) -> list[Compared]:
    """Both records, field by field, without those that the reader may not see or that both leave empty."""
    lines = []
    for group, columns in merge_groups(type(kept)).items():
        names = readable(user, type(kept), columns)
        shown = [_shown(each, names) for each in (kept, removed)]
        if any(shown):
            label = str(kept._meta.get_field(columns[0]).verbose_name)  # type: ignore[union-attr]
            takes = side_taken(kept, removed, columns)
            lines.append(Compared(group, label[:1].upper() + label[1:], shown[0], shown[1], takes))
    return lines


def _shown(record: Company | Contact, names: list[str]) -> str:
    """The readable columns of a group in one line, links as links; the year of an amount in brackets."""
    values = [(name, shown_value(record, name)) for name in names if getattr(record, name) not in EMPTY]
    if not any(name != "country" for name, _value in values) and len(names) > 1:
        return ""
    told = list(dict.fromkeys(f"({value})" if name.endswith("_year") else value for name, value in values))
    between = " " if any(name.endswith("_year") for name in names) else ", "
    return format_html_join(between, "{}", ((value,) for value in told))


@house()
def what_moves(removed: Company | Contact) -> list[tuple[str, int]]:
    """How many rows of each table point at a record and will follow it: [(what, how many), …], in one statement."""
    parts: list[str] = []
    values: list[Any] = []
    labels: list[str] = []
    for rule in rules_for(type(removed)):
        if rule.why:
            continue
        columns = rule.columns(removed)
        condition = " AND ".join(f'"{column}" = %s' for column in columns)
        parts.append(f'SELECT {len(labels)}, count(*) FROM "{rule.model._meta.db_table}" WHERE {condition}')  # noqa: S608
        values += columns.values()
        labels.append(str(rule.model._meta.verbose_name_plural))
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for place, count in cursor.fetchall():
            if count:
                found[labels[place]] = found.get(labels[place], 0) + count
    return sorted(found.items())


def what_moved(event: MergeEvent) -> list[tuple[str, int]]:
    """How many rows of each table a merge moved, cut or took away: [(what, how many), …]."""
    tables = [(key.rsplit(".", 1)[0], len(pks)) for key, pks in event.moved.get("moved", {}).items()]
    tables += [(line[0], 1) for part in ("changed", "deleted") for line in event.moved.get(part, [])]
    found: dict[str, int] = {}
    for label, count in tables:
        name = str(apps.get_model(label)._meta.verbose_name_plural)
        found[name] = found.get(name, 0) + count
    return sorted(found.items())


def merged_record(event: MergeEvent, side: str) -> Company | Contact:
    """The kept or the removed record of a merge, as it is now."""
    record: Company | Contact = apps.get_model("directory", event.kind)._base_manager.get(pk=getattr(event, side))
    return record


def side_to_keep(one: Company, other: Company) -> tuple[Company, Company]:
    """Which of two records of one company is kept: with an account, with a SIREN, better filled, older."""

    def worth(company: Company) -> tuple[bool, bool, int, int]:
        filled = sum(getattr(company, f.attname) not in EMPTY for f in company._meta.concrete_fields)
        return bool(company.organisation_id), bool(company.siren), filled, -company.pk

    return (one, other) if worth(one) >= worth(other) else (other, one)


def contact_to_keep(one: Contact, other: Contact) -> tuple[Contact, Contact]:
    """Which of two records of one person is kept: with an account, better filled, older."""

    def worth(contact: Contact) -> tuple[bool, int, int]:
        filled = sum(getattr(contact, f.attname) not in EMPTY for f in contact._meta.concrete_fields)
        return bool(contact.user_id), filled, -contact.pk

    return (one, other) if worth(one) >= worth(other) else (other, one)


@house()
def late_merges() -> list[MergeEvent]:
    """Standing merges whose removed record is named by rows that should have followed: written while it was merged."""
    found: set[tuple[str, int]] = set()
    for model in (Company, Contact):
        parts = []
        for rule in rules_for(model):
            if rule.why or rule.taken == "stay" or rule.function or not isinstance(rule.column, models.ForeignKey):
                continue
            parts.append(
                f'SELECT t."{rule.column.column}" FROM "{rule.model._meta.db_table}" t'  # noqa: S608
                f' JOIN "{model._meta.db_table}" m ON m.id = t."{rule.column.column}" AND m.merged_into_id IS NOT NULL'
            )
        with connection.cursor() as cursor:
            cursor.execute(" UNION ".join(parts))
            found |= {(str(model._meta.model_name), pk) for (pk,) in cursor.fetchall()}
    standing = MergeEvent.objects.standing().filter(removed__in=[pk for _kind, pk in found]).order_by("pk")
    return [event for event in standing if (event.kind, event.removed) in found]
