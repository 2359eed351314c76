"""What happened to a card, as the trail kept it, told field by field."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, ForeignKey, Model, Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Thread
from pavillon.core.encryption import DataLocked
from pavillon.core.policy import may_read
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import former_numbers
from pavillon.security.queries import Opener, Unreadable, is_sealed, opener
from pavillon.ui.verbs import sentence_for
from pavillon.ui.words import day, number

LENGTH = 100
HIDDEN = "••••"
# Columns that follow from others, or point inside.
SILENT = {"match_name", "domain", "merged_into_id", "organisation_id", "email_index", "phone_index", "user_id"}


@dataclass(frozen=True)
class FieldChange:
    """One field: its name, what it was and what it became, in the reader's words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One act: when, who, for whom, what."""

    at: datetime
    title: str
    who: str
    lines: list[FieldChange] = field(default_factory=list)
    # The record that it happened to, when that was merged into this one since.
    record: str = ""


def changes_of(company: Company, user: User) -> list[Change]:
    """The latest acts of this room on a company and its people, newest first, without what the reader may not see.

    Those on records that were merged into it are among them.
    """
    keys = former_numbers(company)
    rows = Entry.objects.about_any(Company, keys).filter(verb__startswith="directory.")
    entries = list(rows.select_related("actor", "organisation").order_by("-happened_at", "-pk")[:LENGTH])
    return _told(entries, user, records=_merged_records(company, keys, entries) if len(keys) > 1 else {})


# Columns that say where a company stands, and acts that change it whatever the columns.
STATE = ("status", "export_class", "is_accompanied", "closed_on", "is_sensitive", "family")
STANDING = (
    "directory.companies_linked",
    "directory.companies_merged",
    "directory.company_created",
    "directory.company_flagged",
    "directory.company_owned",
    "directory.flag_lifted",
    "directory.merge_undone",
)


def changes_of_state(
    company: Company, user: User, since: datetime, until: datetime, at_most: int
) -> tuple[list[Change], int]:
    """Acts of a period that say where the company stands (closed, merged, client, class…), and how many acts there
    were on its card: two statements and the names."""
    rows = Entry.objects.about(company).filter(
        verb__startswith="directory.", happened_at__gte=since, happened_at__lt=until
    )
    stands = Q(verb__in=STANDING) | Q(changes__has_any_keys=STATE)
    told = rows.filter(stands).select_related("actor", "organisation").order_by("-happened_at", "-pk")
    return _told(list(told[:at_most]), user, only=STATE), rows.order_by().count()


def _told(
    entries: list[Entry], user: User, *, only: tuple[str, ...] = (), records: dict[int, str] | None = None
) -> list[Change]:
    names = _names(entries)
    opened = opener((value for entry in entries for pair in entry.changes.values() for value in pair), by=user)
    return [
        Change(
            at=entry.happened_at,
            title=sentence_for(entry.verb) or entry.verb,
            who=" · ".join(str(part) for part in (entry.actor, entry.organisation) if part) or _("Automatic"),
            lines=_lines(entry, user, names, opened, only),
            record=(records or {}).get(entry.pk, ""),
        )
        for entry in entries
    ]


def _merged_records(company: Company, keys: list[int], entries: list[Entry]) -> dict[int, str]:
    """{entry: the merged record it is about} of entries that are not about the company itself; two statements."""
    kind = ContentType.objects.get_for_model(Company)
    threads = Thread.objects.filter(entry__in=entries, content_type=kind, object_id__in=[str(key) for key in keys])
    about = defaultdict(set)
    for entry, key in threads.values_list("entry", "object_id"):
        about[entry].add(int(key))
    records = Company.objects.in_bulk([key for key in keys if key != company.pk])
    return {
        entry: " · ".join(f"{records[key].name} ({key})" for key in sorted(found))
        for entry, found in about.items()
        if company.pk not in found
    }


# Acts whose changes are those of a person's row.
OF_PEOPLE = ("contact", "role", "channel", "call_windows")


def _model_of(entry: Entry) -> type[Model]:
    if "born" in entry.facts:
        return apps.get_model(entry.facts["born"])
    return Contact if any(word in entry.verb for word in OF_PEOPLE) else Company


def _columns(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    return {column.attname: column for column in model._meta.concrete_fields}


def _names(entries: list[Entry]) -> dict[tuple[type[Model], str], str]:
    """Names of the rows that changed columns point at: one statement a table."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for entry in entries:
        columns = _columns(_model_of(entry))
        for name, pair in entry.changes.items():
            column = columns.get(name)
            if isinstance(column, ForeignKey) and name not in SILENT:
                wanted[column.related_model].update(value for value in pair if value is not None)  # type: ignore[index]
    return {
        (model, str(key)): str(row)
        for model, keys in wanted.items()
        for key, row in model._default_manager.in_bulk(list(keys)).items()
    }


def _lines(
    entry: Entry, user: User, names: dict[tuple[type[Model], str], str], opened: Opener, only: tuple[str, ...] = ()
) -> list[FieldChange]:
    model = _model_of(entry)
    columns = _columns(model)
    found = []
    for name, (old, new) in entry.changes.items():
        column = columns.get(name)
        if only and name not in only:
            continue
        if column is None or name in SILENT or not may_read(user, model, column.name):
            continue
        label = str(column.verbose_name)
        said = [_said(column, value, names, opened) for value in (old, new)]
        found.append(FieldChange(label[:1].upper() + label[1:], *said))
    return found


def _said(column: "Field[Any, Any]", value: Any, names: dict[tuple[type[Model], str], str], opened: Opener) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(column, ForeignKey):
        return names.get((column.related_model, str(value)), str(value))  # type: ignore[arg-type]
    if is_sealed(value):
        try:
            value = opened(column, value)
        except (Unreadable, DataLocked):
            return HIDDEN
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    kind = column.get_internal_type()
    if kind == "DateField" and parse_date(str(value)):
        return day(parse_date(str(value)))
    if kind == "DecimalField":
        try:
            return number(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    return str(value)
