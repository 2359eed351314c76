"""Who saw, who changed: the logs of the house merged into one answer for auditors."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Field, ForeignKey, Model, Q, TextField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.core.encryption import DataLocked
from pavillon.core.fields import EncryptedTextField
from pavillon.core.policy import governed, may_read
from pavillon.security.keys import Unreadable
from pavillon.security.models import Line, Reading
from pavillon.security.queries.logs import chained_logs
from pavillon.security.queries.record_keys import Opener, is_sealed, opener
from pavillon.security.record_keys import Erased, subject_in
from pavillon.security.sentences import sentence_of

MOST_FOUND = 20
# Fields by which a record is found when its queryset does not know how to search (`matching`).
NAMES = ("name", "legal_name", "title", "subject", "reference", "siren", "last_name", "first_name")


def governed_labels() -> list[tuple[str, str]]:
    """The kinds of record that an auditor searches: [("directory.company", "Company"), …]."""
    kinds = [(m._meta.label_lower, capfirst(str(m._meta.verbose_name))) for m in governed()]
    return sorted(kinds, key=lambda kind: kind[1])


def model_of(label: str) -> type[Model] | None:
    """The model of a label such as "directory.company", None for a label that is none of the house's."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if model.__module__.startswith("pavillon.") else None


def known_record(label: str, pk: str, *, by: User) -> tuple[type[Model], Model | None] | None:
    """The kind of a record and the record itself; None instead of it when the auditor may not see its content.

    Its log may be read all the same: a record that is gone or hidden must still answer for itself.
    """
    model = model_of(label)
    if model is None:
        return None
    try:
        key = model._meta.pk.to_python(pk) if model._meta.pk else pk
    except Exception:  # a key that this kind of record cannot have
        return None
    return model, _visible(model, by, [key]).get(str(key))


def _visible(model: type[Model], by: User, keys: Iterable[Any]) -> dict[str, Model]:
    if not hasattr(model._default_manager, "visible_to"):
        return {}
    return {str(row.pk): row for row in model._default_manager.visible_to(by).filter(pk__in=list(keys))}


@dataclass(frozen=True)
class Found:
    """A record that answers a search."""

    model: str
    pk: str
    kind: str
    name: str


def find_records(text: str, label: str, *, by: User) -> list[Found]:
    """Records whose name or reference matches, among those that the auditor may see; at most `MOST_FOUND` a kind.

    `text` may also be a reference as the logs write it ("directory.company:12"): that always finds the log.
    """
    text = text.strip()
    if match := re.fullmatch(r"([a-z_]+\.[a-z_]+):(\S+)", text):
        known = known_record(match[1], match[2], by=by)
        return [_found(known[0], match[2], known[1])] if known else []
    if not text:
        return []
    kinds = [model_of(label)] if label else list(governed())
    found = []
    for model in kinds:
        if model is not None and hasattr(model._default_manager, "visible_to"):
            rows = model._default_manager.visible_to(by)
            rows = rows.matching(text) if hasattr(rows, "matching") else _named(rows, model, text)
            found += [_found(model, str(row.pk), row) for row in rows[:MOST_FOUND]]
    return found


def _found(model: type[Model], pk: str, row: Model | None) -> Found:
    kind = capfirst(str(model._meta.verbose_name))
    return Found(model._meta.label_lower, pk, kind, str(row) if row else f"{kind} {pk}")


def _named(rows: Any, model: type[Model], text: str) -> Any:
    conditions = Q(pk=int(text)) if text.isdecimal() and len(text) < 10 else Q()
    for name in NAMES:
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(column, CharField | TextField) and not isinstance(column, EncryptedTextField):
            conditions |= Q(**{f"{name}__icontains": text})
    return rows.filter(conditions) if conditions else rows.none()


def changed_fields(label: str) -> list[tuple[str, str]]:
    """The fields of a kind of record, as the trail names them, by the names that people know them by."""
    model = model_of(label)
    named = [(f.attname, _name_of(f)) for f in (model._meta.concrete_fields if model else ()) if not f.primary_key]
    return sorted(((column, capfirst(str(name))) for column, name in named if name), key=lambda line: line[1])


def _name_of(field: Any) -> str:
    """What a page calls a field; what it points at when it has no name; "" for what only programs read."""
    # Django makes a name out of the column's when nobody gave one: that is no word of ours.
    if field._verbose_name is not None:
        return str(field.verbose_name)
    return str(field.related_model._meta.verbose_name) if field.is_relation else ""


def audited_lines(
    *,
    model: str = "",
    pk: str = "",
    people: Iterable[int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    kind: str = "",
    field: str = "",
    verb: str = "",
    most: int,
) -> list[Line]:
    """The newest lines of all logs that match, at most `most`; `kind` is "read", "changed" or "" for both."""
    lines: list[Line] = []
    for log in chained_logs():
        if kind and (kind == "read") != issubclass(log, Reading):
            continue
        found = log.newest(most, model=model, pk=pk, people=people, since=since, until=until, field=field, verb=verb)
        lines += [row.as_line() for row in found]
    return sorted(lines, key=lambda line: line.happened_at, reverse=True)[:most]


@dataclass(frozen=True)
class Change:
    """One field of one change, in words; `is_restricted` when the auditor's own policy hides the values."""

    field: str
    old: str = ""
    new: str = ""
    is_restricted: bool = False


@dataclass(frozen=True)
class Subject:
    """A record named by a line, with the address of its own log."""

    label: str
    model: str
    pk: str


@dataclass(frozen=True)
class Shown:
    """A line with names instead of numbers."""

    line: Line
    person: str
    organisation: str
    what: str
    subjects: list[Subject]
    changes: list[Change]


def shown_lines(lines: list[Line], *, by: User) -> list[Shown]:
    """Lines with the names of people, organisations and records. A few statements, whatever the number of lines."""
    people = User.objects.in_bulk({line.user_id for line in lines if line.user_id})
    organisations = Organisation.objects.in_bulk({line.organisation_id for line in lines if line.organisation_id})
    names = _names({subject for line in lines for subject in line.subjects}, by=by)
    known, hidden = _related_names(lines), _hidden_subjects(lines, by=by)
    unseen = Reading.objects.not_shown({line.pk: line.happened_at for line in lines if line.kind == "read"})
    opened = opener((value for line in lines for pair in line.changes.values() for value in pair), by=by)
    return [
        Shown(
            line=line,
            person=str(people[line.user_id]) if line.user_id in people else _("nobody signed in"),
            organisation=str(organisations.get(line.organisation_id, "") if line.organisation_id else ""),
            what=_("%(what)s: not shown, beyond the reading budget") % {"what": sentence_of(line)}
            if line.pk in unseen and line.kind == "read"
            else sentence_of(line),
            subjects=[names[subject] for subject in line.subjects if subject in names],
            changes=list(_changes(line, known, hidden, opened, by=by)),
        )
        for line in lines
    ]


def _names(subjects: set[str], *, by: User) -> dict[str, Subject]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        label, _colon, pk = subject.partition(":")
        wanted[label].add(pk)
    named = {}
    for label, keys in wanted.items():
        model = model_of(label)
        if model is None:
            continue
        rows = _visible(model, by, [key for key in keys if key])
        for key in keys:
            kind = capfirst(str(model._meta.verbose_name if key else model._meta.verbose_name_plural))
            name = f"{kind} · {rows[key]}" if key in rows else f"{kind} {key}".strip()
            named[f"{label}:{key}" if key else label] = Subject(name, label, key)
    return named


def _column(line: Line, name: str) -> tuple[type[Model], Field, str] | None:
    """The column that a change is about, and its record: the one that a sealed value names, the one that was just made,
    else the first subject that has such a column."""
    sealed_for = [subject for value in line.changes[name] if (subject := subject_in(value))]
    born = [subject for subject in line.subjects if subject.partition(":")[0] == line.facts.get("born")]
    for subject in [*sealed_for, *born, *line.subjects]:
        model = model_of(subject.partition(":")[0])
        for column in model._meta.concrete_fields if model else ():
            if name in (column.attname, column.name):
                return model, column, subject  # type: ignore[return-value]
    return None


def _related_names(lines: list[Line]) -> dict[tuple[type[Model], str], str]:
    """Names of the rows that changed foreign keys point at: one statement a table."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for line in lines:
        for name, values in line.changes.items():
            found = _column(line, name)
            if found and isinstance(found[1], ForeignKey):
                wanted[found[1].related_model] |= {value for value in values if value is not None}
    return {
        (model, str(row.pk)): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys)
    }


def _hidden_subjects(lines: list[Line], *, by: User) -> set[str]:
    """Records with changed fields that the auditor may not see: that they changed he learns, not what they say."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for label, _colon, pk in (subject.partition(":") for subject in line.subjects if line.changes):
            wanted[label].add(pk)
    hidden = set()
    for label, keys in wanted.items():
        model = model_of(label)
        if model is not None and hasattr(model._default_manager, "visible_to"):
            seen = _visible(model, by, [key for key in keys if key])
            hidden |= {f"{label}:{key}" for key in keys if key not in seen}
    return hidden


def _changes(
    line: Line, known: dict[tuple[type[Model], str], str], hidden: set[str], opened: Opener, *, by: User
) -> Iterable[Change]:
    for name, (old, new) in line.changes.items():
        found = _column(line, name)
        if found is None:
            yield Change(name, _plain(old), _plain(new))
            continue
        model, column, subject = found
        change = Change(capfirst(str(column.verbose_name)))
        if subject not in hidden and may_read(by, model, column.name):
            words = [_word(column, value, known, opened) for value in (old, new)]
            yield replace(change, old=words[0], new=words[1])
        else:
            yield replace(change, is_restricted=True)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _word(column: Field, value: Any, known: dict[tuple[type[Model], str], str], opened: Opener) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column, ForeignKey) and value is not None:
        return known.get((column.related_model, str(value)), str(value))
    if is_sealed(value):
        try:
            return _said(column, opened(column, value))
        except DataLocked:
            return _("locked")
        except Erased:
            return _("erased with the person")
        except Unreadable:
            return _("unreadable: its key is gone")
    return _said(column, value)


def _said(column: Field, value: Any) -> str:
    return str(dict(column.flatchoices).get(value, value)) if column.choices else _plain(value)
