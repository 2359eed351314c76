"""A question as a form shows and sends it: no script needed, htmx makes it quicker.

A form names its inputs `<prefix>field`, `<prefix>op`, `<prefix>value` (several for a choice), `<prefix>to` for the
second bound, `<prefix>least`, `<prefix>days` and `<prefix>kinds` for deeds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from django.db.models import CharField, Model, Q
from django.db.models.functions import Cast
from django.http import QueryDict

from pavillon.directory.criteria.fields import BARE, OPERATOR_WORDS, PAIRS, Field, Kind, fields_for

# A table with more lines than this is searched, not listed, whatever its field says.
LISTED = 150
FOUND = 12


@dataclass
class Asking:
    """One question for the template `ui/_criterion.html`."""

    prefix: str
    sections: list[tuple[Any, list[tuple[str, Any]]]]
    field: Field | None = None
    op: str = ""
    values: list[str] = made(default_factory=list)
    to: str = ""
    least: str = "1"
    days: str = ""
    kinds: list[str] = made(default_factory=list)
    options: list[tuple[str, str]] = made(default_factory=list)
    error: str = ""

    @property
    def name(self) -> str:
        return self.field.name if self.field else ""

    @property
    def operators(self) -> list[tuple[str, Any]]:
        return [(op, OPERATOR_WORDS[op]) for op in self.field.operators] if self.field else []

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def is_bare(self) -> bool:
        return self.op in BARE

    @property
    def is_pair(self) -> bool:
        return self.op in PAIRS

    @property
    def is_choice(self) -> bool:
        return self.field is not None and self.field.kind is Kind.CHOICE and not self.is_bare

    @property
    def is_deeds(self) -> bool:
        return self.field is not None and self.field.kind is Kind.DEEDS

    @property
    def input_type(self) -> str:
        """What the browser offers: a date picker for days; numbers stay text, so that "1,5 M" can be typed."""
        is_day = self.field is not None and self.field.kind is Kind.DATE and self.op not in ("last", "older")
        return "date" if is_day else "text"

    @property
    def mode(self) -> str:
        """The keys that a phone shows."""
        is_number = self.field is not None and (
            self.field.kind in (Kind.NUMBER, Kind.MONEY) or self.op in ("last", "older")
        )
        return "decimal" if is_number else "text"


def sections_of(fields: Iterable[Field]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """[(section, [(name, label)])] in the order of registration."""
    found: dict[str, tuple[Any, list[tuple[str, Any]]]] = {}
    for each in fields:
        if each.name != "q":
            found.setdefault(str(each.section), (each.section, []))[1].append((each.name, each.label))
    return list(found.values())


def asking_of(subject: type[Model], user: Any, written: dict[str, Any], *, prefix: str = "", error: str = "") -> Asking:
    """What a form shows of a written question, complete or not. One statement for a choice, else none."""
    fields = fields_for(subject, user)
    shown = Asking(prefix, sections_of(fields.values()), error=error)
    shown.field = fields.get(str(written.get("field", "")))
    if shown.field is None:
        return shown
    op = str(written.get("op", ""))
    shown.op = op if op in shown.field.operators else shown.field.operators[0]
    value = written.get("value")
    if shown.is_deeds and isinstance(value, dict):
        shown.least, shown.days = str(value.get("least") or 1), str(value.get("days") or "")
        shown.kinds = [str(kind) for kind in value.get("kinds") or []]
    elif isinstance(value, list | tuple):
        shown.values = [str(each) for each in value]
    elif value not in (None, ""):
        shown.values = [str(value)]
    if shown.is_pair:
        shown.to = shown.values[1] if len(shown.values) > 1 else ""
    shown.options = options_of(shown.field, shown.values, user=user)
    return shown


def options_of(field: Field, chosen: Iterable[str], text: str = "", *, user: Any = None) -> list[tuple[str, str]]:
    """[(key, label)] to choose from: all of a short table; of a long one those chosen and those with the text."""
    if field.options is not None:
        return [(str(key), str(label)) for key, label in field.options()]
    names = field.names
    if names is None:
        return []
    rows = names.rows(user).annotate(
        key_text=Cast(names.key, CharField()), label_text=Cast(names.label_path, CharField())
    )
    if field.is_long:
        chosen = list(chosen)
        picked = rows.filter(key_text__in=chosen).values_list("key_text", "label_text")[:LISTED] if chosen else []
        near = rows.filter(Q(label_text__unaccent__icontains=text) | Q(key_text__istartswith=text)) if text else None
        found = near.order_by("label_text").values_list("key_text", "label_text")[:FOUND] if near is not None else []
        return list(dict.fromkeys([*picked, *found]))
    return list(rows.order_by("label_text").values_list("key_text", "label_text")[:LISTED])


def read_asked(data: QueryDict, prefix: str = "") -> dict[str, Any]:
    """The written question of a form that was sent, complete or not."""
    name, op = data.get(f"{prefix}field", ""), data.get(f"{prefix}op", "")
    written: dict[str, Any] = {"field": name, "op": op}
    if op in ("did", "did_not"):
        told = {"least": data.get(f"{prefix}least"), "days": data.get(f"{prefix}days")}
        value: Any = {key: each.strip() for key, each in told.items() if each and each.strip()}
        kinds = [kind for kind in data.getlist(f"{prefix}kinds") if kind]
        written["value"] = value | ({"kinds": kinds} if kinds else {})
    elif op in PAIRS:
        written["value"] = [data.get(f"{prefix}value", "").strip(), data.get(f"{prefix}to", "").strip()]
    elif op in ("in", "not_in"):
        written["value"] = [value for value in data.getlist(f"{prefix}value") if value.strip()]
    elif op not in BARE:
        written["value"] = data.get(f"{prefix}value", "").strip()
    return written
