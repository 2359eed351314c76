"""The card of a company as its readers see it: each value with its origin, and why one sees it at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.directory.enums import SourceKind, ValueState
from pavillon.directory.models import Company, Contact, SensitiveMark
from pavillon.directory.precedence import MASTERED
from pavillon.directory.queries.provenance import Record, ValueRow, by_group, groups_of, known_values, origin_of, said
from pavillon.directory.values import Stored, is_empty, stored
from pavillon.ui.templatetags.ui import shown_value
from pavillon.ui.words import money

MONEY = frozenset({"turnover", "export_turnover", "turnover_objective", "potential_turnover", "margin"})


@dataclass(frozen=True)
class Origin:
    """Where the value of one group on a card comes from. `source` is "" when nobody knows."""

    group: str
    label: str
    source: str = ""
    observed_on: date | None = None
    confidence: int | None = None
    locked_by: str = ""
    disputes: int = 0
    words: int = 0
    is_ruled: bool = False


def label_of(record: Record | type[Record], group: str) -> str:
    """The name of a group on screens: that of its first column."""
    if group == "name" and (record is Contact or isinstance(record, Contact)):
        return _("Name")
    column = record._meta.get_field(groups_of(record)[group][0])
    name = str(getattr(column, "verbose_name", group)).removesuffix(" (€)")
    return name[:1].upper() + name[1:]


def origins_of(record: Record, user: User, values: Iterable[ValueRow] | None = None) -> dict[str, Origin]:
    """The origin of each group that the reader may see: {group: Origin}. One statement, unless it has its `values`."""
    known = known_values([record])[record.pk] if values is None else by_group(values)
    found = {}
    for group, columns in groups_of(record).items():
        if not may_read(user, record, columns[0]):
            continue
        rows = known.get(group, [])
        standing = next((row for row in rows if row.state == ValueState.IN_USE), None)
        default = origin_of(record, group)
        disputes = sum(row.is_disputed for row in rows)
        shared: dict[str, Any] = {"group": group, "label": label_of(record, group), "disputes": disputes}
        shared["words"] = len(rows)
        if standing is not None:
            found[group] = Origin(
                source=str(standing.source),
                observed_on=standing.observed_on,
                confidence=standing.confidence,
                locked_by=str(standing.locked_by or ""),
                is_ruled=_rules(record, group, standing.source.kind),
                **shared,
            )
        elif default is not None and not is_empty(stored(record, columns)):
            found[group] = Origin(
                source=str(default),
                observed_on=record.sourced_on,
                is_ruled=_rules(record, group, default.kind),
                **shared,
            )
        else:
            found[group] = Origin(**shared)
    return found


def _rules(record: Record, group: str, kind: str) -> bool:
    return isinstance(record, Company) and group in MASTERED and kind == SourceKind.REGISTER


def ruled_groups(company: Company) -> frozenset[str]:
    """The groups of a company's card that the register rules: read-only, corrected on request."""
    return frozenset(_ruled(company, known_values([company])[company.pk])) if company.siren else frozenset()


def shown_group(record: Record, group: str) -> str:
    """What a record says of a group, in the reader's words; "" when nothing."""
    columns = groups_of(record)[group]
    if group == "address" and isinstance(record, Company):
        town = record.commune.name if record.commune else record.town
        country = "" if record.country_id == "FR" else str(record.country)
        line = " ".join(part for part in (record.postal_code, town) if part)
        return ", ".join(part for part in (record.address, line, country) if part)
    if group == "name" and isinstance(record, Contact):
        return str(record)
    value = getattr(record, columns[0])
    if value in (None, "", []):
        return ""
    if group in MONEY:
        told = money(value)
    elif group == "priority_zones" and isinstance(record, Company):
        names = dict(record._meta.get_field("priority_zones").base_field.choices)  # type: ignore[union-attr,arg-type]
        told = ", ".join(str(names.get(zone, zone)) for zone in value)
    else:
        told = str(shown_value(record, columns[0]))
    year = getattr(record, columns[1]) if len(columns) == 2 and columns[1].endswith("_year") else None
    return f"{told} ({year})" if told and year else told


@dataclass(frozen=True)
class SaidBy:
    """What one source says of a group; `key` is 0 for the card's own origin, which has no row."""

    key: int
    text: str
    source: str
    kind: str
    observed_on: date | None
    confidence: int | None
    state: str
    who: str = ""

    @property
    def is_disputed(self) -> bool:
        return self.state == ValueState.DISPUTED

    @property
    def is_in_use(self) -> bool:
        return self.state == ValueState.IN_USE


@dataclass(frozen=True)
class GroupWords:
    """A group of columns, and every word that sources have given on it: the one on the card first."""

    group: str
    label: str
    words: Sequence[SaidBy]
    is_ruled: bool = False
    note: str = ""

    @property
    def is_disputed(self) -> bool:
        return any(word.is_disputed for word in self.words)


def words_of(record: Record, user: User, *, only: Iterable[str] = ()) -> list[GroupWords]:
    """Every word of every source on a card, group by group; groups without a value or a word are left out.

    A statement for the values and one for each table of names.
    """
    known = known_values([record])[record.pk]
    wanted = set(only)
    groups = {
        group: columns
        for group, columns in groups_of(record).items()
        if may_read(user, record, columns[0]) and (not wanted or group in wanted)
    }
    texts = spoken(record, {row.pk: (row.field, said(row)) for group in groups for row in known.get(group, [])})
    ruled = _ruled(record, known)
    found = []
    for group, columns in groups.items():
        rows = sorted(known.get(group, []), key=lambda row: (row.state != ValueState.IN_USE, -row.source.trust))
        words = [
            SaidBy(
                row.pk,
                texts[row.pk],
                str(row.source),
                row.source.kind,
                row.observed_on,
                row.confidence,
                row.state,
                str(row.locked_by or row.offered_by or ""),
            )
            for row in rows
        ]
        if not any(word.is_in_use for word in words) and not is_empty(stored(record, columns)):
            origin = origin_of(record, group)
            own = SaidBy(
                0,
                shown_group(record, group),
                str(origin) if origin else _("Origin not known"),
                origin.kind if origin else "",
                record.sourced_on if origin else None,
                None,
                ValueState.IN_USE,
            )
            words.insert(0, own)
        if words:
            found.append(GroupWords(group, label_of(record, group), words, is_ruled=group in ruled))
    return found


def _ruled(record: Record, known: Mapping[str, Sequence[ValueRow]]) -> set[str]:
    """The groups that the register rules, from values that are loaded already."""
    if not isinstance(record, Company) or not record.siren:
        return set()
    found = set()
    for group in MASTERED:
        standing = next((row for row in known.get(group, []) if row.state == ValueState.IN_USE), None)
        source = standing.source if standing else record.origin
        if source is not None and source.kind == SourceKind.REGISTER:
            found.add(group)
    return found


def spoken(record: Record, told: Mapping[int, tuple[str, Stored]]) -> dict[int, str]:
    """Stored values in the reader's words: {key: text} of {key: (group, values)}. One statement a table of names."""
    kind = type(record)
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for _group, values in told.values():
        for name, value in values.items():
            column = kind._meta.get_field(name)
            if isinstance(column, ForeignKey) and value is not None:
                wanted[column.related_model].add(value)  # type: ignore[index]
    names = {model: model._default_manager.in_bulk(list(keys)) for model, keys in wanted.items()}
    texts = {}
    for key, (group, values) in told.items():
        copy = kind()
        for name, value in values.items():
            column = kind._meta.get_field(name)
            if isinstance(column, ForeignKey):
                setattr(copy, name, names.get(column.related_model, {}).get(value))  # type: ignore[arg-type]
            else:
                empty = None if column.null else ""  # type: ignore[union-attr]
                setattr(copy, name, empty if value is None else column.to_python(value))  # type: ignore[union-attr]
        texts[key] = shown_group(copy, group)
    return texts


@dataclass(frozen=True)
class Sight:
    """Why somebody sees a card, and what stays unseen; `mark` is the standing mark of a sensitive company."""

    reason: str
    rest: str
    mark: SensitiveMark | None = None
    readers: Sequence[str] = field(default_factory=list)


def why_seen(company: Company, user: User) -> Sight:
    """Why this person sees this card. Three statements for a sensitive company, none for the others."""
    if company.is_sensitive:
        mark = SensitiveMark.objects.standing().filter(company=company).select_related("flagged_by").first()
        readers = mark.readers.select_related("user", "organisation") if mark else []
        mine = next((r for r in readers if r.user_id == user.pk), None)
        reason = (
            _("you are named among the readers of this sensitive company")
            if mine
            else _("%(organisation)s is named among the readers of this sensitive company")
            % {"organisation": user.organisation}
            if any(r.organisation == user.organisation for r in readers if r.organisation_id)
            else _("you keep the list of sensitive companies")
        )
        rest = _("Nobody else of the network finds it; it leaves by no export; each reading is traced.")
        return Sight(reason, rest, mark, sorted(str(reader) for reader in readers))
    if company.organisation_id and user.organisation and company.organisation_id == user.organisation.pk:
        return Sight(_("it is your company"), "")
    return Sight(
        _("cards of companies are shared by the whole network"),
        _("Notes and opportunities stay with the organisation that wrote them, unless it shares them."),
    )


@dataclass(frozen=True)
class CardLine:
    """One line of the card: what it says, and its origin."""

    origin: Origin
    text: str


SECTIONS = (
    ("identity", ("name", "legal_name", "national_number", "vat_number", "activity", "legal_category", "closed_on")),
    ("place", ("address", "website", "priority_zones")),
    ("size", ("workforce_band", "headcount", "size", "turnover", "export_turnover", "export_class", "sector")),
    ("objectives", ("status", "turnover_objective", "potential_turnover", "margin", "new_client_objective")),
)


def card_lines(company: Company, origins: Mapping[str, Origin]) -> dict[str, list[CardLine]]:
    """The lines of a company's card, section by section (`SECTIONS`); what a reader may not see has no origin."""
    found = {}
    for section, groups in SECTIONS:
        lines = []
        for group in groups:
            if group not in origins or (group == "national_number" and company.siren):
                continue
            lines.append(CardLine(origins[group], shown_group(company, group)))
        found[section] = lines
    return found


def standing_mark(company: Company) -> SensitiveMark | None:
    """The mark of a sensitive company, None when it is none."""
    return SensitiveMark.objects.standing().filter(company=company).select_related("company", "flagged_by").first()
