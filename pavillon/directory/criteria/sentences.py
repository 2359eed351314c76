"""A rule in the reader's words, and the names of its values: one statement whatever the number of tables."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.directory.criteria.fields import Field, Kind
from pavillon.directory.criteria.rules import Deed, Group, Question, Rule, WrongRule
from pavillon.ui.words import day, money, number

Labels = Mapping[tuple[str, str], str]
# A phrase names so many values, and counts the others.
NAMED = 6


def labels_of(questions: Iterable[Question], user: Any = None) -> dict[tuple[str, str], str]:
    """{(field, key): label} of every value chosen in these questions.

    At most one statement. Names that are not everybody's need the reader.
    """
    found: dict[tuple[str, str], str] = {}
    asked: dict[str, tuple[Field, set[str]]] = {}
    for question in questions:
        field = question.field
        keys = question.value.kinds if isinstance(question.value, Deed) else question.value
        if field.options is not None:
            found |= {(field.name, str(key)): str(label) for key, label in field.options()}
        if field.kind is Kind.CHOICE and field.names is not None and keys:
            asked.setdefault(field.name, (field, set()))[1].update(keys)
    parts = []
    for field, keys in asked.values():
        names = field.names
        assert names is not None
        # A key that is a number is compared as one: letters match nothing there.
        is_number = names.model._meta.pk.get_internal_type() in ("BigAutoField", "AutoField") and names.key == "pk"  # type: ignore[union-attr]
        wanted: list[Any] = [int(k) for k in keys if k.isdecimal() and len(k) < 18] if is_number else sorted(keys)
        columns = (Value(field.name), Cast(names.key, CharField()), Cast(names.label_path, CharField()))
        parts.append(names.rows(user).order_by().filter(Q(**{f"{names.key}__in": wanted})).values_list(*columns))
    if parts:
        rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        found |= {(name, key): label for name, key, label in rows}
    return found


def check_values(rule: Rule, labels: Labels) -> None:
    """Raise WrongRule for a chosen value that its table does not know."""
    for question in rule.questions():
        if question.field.kind is Kind.CHOICE and question.field.names is not None:
            for key in question.value or ():
                if (question.field.name, key) not in labels:
                    raise WrongRule(
                        f"{question.field.label}: " + _("“%(value)s” is not one of its values.") % {"value": key[:40]},
                        field=question.field.name,
                    )


def sentence_of(rule: Rule, labels: Labels | None = None, *, user: Any = None) -> str:
    """The rule as a sentence: “Region: Bretagne or Normandie; and headcount: strictly between 50 and 500”."""
    if not rule.parts:
        return _("all of them")
    labels = labels_of(rule.questions(), user) if labels is None else labels
    text = _joined(rule, labels)
    return text[:1].upper() + text[1:]


def _joined(rule: Group, labels: Labels) -> str:
    parts = []
    for part in rule.parts:
        if isinstance(part, Question):
            parts.append(phrase_of(part, labels))
        else:
            inside = _joined(part, labels)
            parts.append(inside if part.how == "not" or len(part.parts) == 1 else f"({inside})")
    if rule.how == "not":
        return _("none of (%(parts)s)") % {"parts": _("; or ").join(parts)}
    return (_("; and ") if rule.how == "all" else _("; or ")).join(parts)


def phrase_of(question: Question, labels: Labels) -> str:
    """One question in words: “headcount: strictly between 50 and 500”."""
    label = str(question.field.label)
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return _("%(field)s: %(answer)s") % {"field": label, "answer": answer_of(question, labels)}


def answer_of(question: Question, labels: Labels) -> str:
    field, op, value = question.field, question.op, question.value
    if field.kind is Kind.DEEDS:
        return _deed(question, labels)
    if field.kind is Kind.CHOICE and op in ("in", "not_in"):
        names = [labels.get((field.name, key), key) for key in value[:NAMED]]
        text = _(" or ").join(names)
        if len(value) > NAMED:
            text += " " + _("and %(n)s others") % {"n": len(value) - NAMED}
        return text if op == "in" else _("neither %(names)s") % {"names": text}
    if op in ("between", "inside"):
        low, high = (shown(field, each) for each in value)
        words = _("between %(low)s and %(high)s") if op == "between" else _("strictly between %(low)s and %(high)s")
        return words % {"low": low, "high": high}
    if op in ("last", "older"):
        if op == "last":
            return ngettext("within the last %(n)s day", "within the last %(n)s days", value) % {"n": value}
        return ngettext("more than %(n)s day ago", "more than %(n)s days ago", value) % {"n": value}
    told = {
        "empty": _("not known"),
        "filled": _("known"),
        "yes": _("yes"),
        "no": _("no"),
        "contains": _("contains “%(value)s”"),
        "begins": _("begins with “%(value)s”"),
        "is": "%(value)s",
        "above": _("more than %(value)s"),
        "least": _("at least %(value)s"),
        "below": _("less than %(value)s"),
        "most": _("at most %(value)s"),
        "after": _("after %(value)s"),
        "before": _("before %(value)s"),
        "on": "%(value)s",
    }[op]
    return told % {"value": shown(field, value)}


def shown(field: Field, value: Any) -> str:
    """A value as people write it."""
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, Decimal):
        return money(value) if field.kind is Kind.MONEY else f"{number(value)}{field.unit}"
    return str(value) if value is not None else ""


def _deed(question: Question, labels: Labels) -> str:
    deed: Deed = question.value
    kinds = _(" or ").join(labels.get((question.field.name, kind), kind) for kind in deed.kinds)
    parts = [kinds] if kinds else []
    if deed.days:
        parts.append(ngettext("within the last %(n)s day", "within the last %(n)s days", deed.days) % {"n": deed.days})
    if question.op == "did_not":
        often = _("never") if deed.least == 1 else _("less than %(n)s times") % {"n": deed.least}
    else:
        often = ngettext("at least %(n)s time", "at least %(n)s times", deed.least) % {"n": deed.least}
    return ", ".join([often, *parts])
