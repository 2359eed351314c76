"""Rules in an address: one parameter a question, `region.in=53,52&headcount.inside=50,500`; groups in `rule={…}`.

The list's filters, saved views and the API speak it. Parameters without a dot are none of ours.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import QueryDict

from pavillon.directory.criteria.fields import BARE, PAIRS, Kind
from pavillon.directory.criteria.rules import (
    EVERYTHING,
    Deed,
    Group,
    Question,
    Rule,
    WrongRule,
    _plain,
    ask_question,
    read_rule,
    write_question,
    write_rule,
)

RULE = "rule"


def read_address(query: QueryDict, subject: type[Model], user: Any) -> tuple[Rule, list[WrongRule]]:
    """The rule of an address, and what in it cannot be asked. The good questions stand beside the wrong ones."""
    parts: list[Question | Group] = []
    wrong: list[WrongRule] = []
    for name in query:
        field, dot, op = name.rpartition(".")
        values = [value for value in query.getlist(name) if value.strip()]
        if not dot or not field or (not values and op not in BARE):
            continue
        for value in _values(op, values):
            try:
                parts.append(ask_question(subject, user, field, op, value))
            except WrongRule as error:
                wrong.append(error)
    for written in query.getlist(RULE):
        try:
            rule = read_rule(_json(written), subject, user)
            parts.extend(rule.parts if rule.how == "all" else [rule])
        except WrongRule as error:
            wrong.append(error)
    return (Group("all", tuple(parts)) if parts else EVERYTHING), wrong


def _json(written: str) -> Any:
    try:
        return json.loads(written) if written else None
    except ValueError as error:
        raise WrongRule(f"rule: {error}") from None


def _values(op: str, values: list[str]) -> list[Any]:
    """The questions that one parameter asks: a choice adds its values up, two bare bounds are a pair."""
    if op in ("in", "not_in"):
        return [[each for value in values for each in value.split(",")]]
    if op in PAIRS and len(values) == 2 and not any("," in value for value in values):
        return [values]
    return values[:1] if op in BARE else list(values)


def address_pairs(rule: Rule) -> list[tuple[str, str]]:
    """The parameters that say this rule."""
    parts: Iterable[Question | Group] = rule.parts if rule.how == "all" else [rule]
    pairs: list[tuple[str, str]] = []
    for part in parts:
        pair = question_pair(part) if isinstance(part, Question) else ("", "")
        # A parameter that adds its values up cannot say two questions.
        if pair[0] and not (part.op in ("in", "not_in", *PAIRS, *BARE) and pair[0] in dict(pairs)):  # type: ignore[union-attr]
            pairs.append(pair)
        else:
            written = write_question(part) if isinstance(part, Question) else write_rule(part)
            pairs.append((RULE, json.dumps(written, ensure_ascii=False, separators=(",", ":"))))
    return pairs


def question_pair(question: Question) -> tuple[str, str]:
    """One question as a parameter: ("region.in", "53,52")."""
    return f"{question.field.name}.{question.op}", _value(question)


def _value(question: Question) -> str:
    value = question.value
    if question.op in BARE:
        return "1"
    if isinstance(value, Deed):
        told = {"least": value.least, "days": value.days, "kinds": ",".join(value.kinds)}
        return ";".join(f"{key}:{each}" for key, each in told.items() if each)
    if question.field.kind is Kind.CHOICE or isinstance(value, tuple):
        return ",".join(str(_plain(each)) for each in value)
    return str(_plain(value))


def address_of(rule: Rule) -> str:
    """The query string of a rule."""
    return urlencode(address_pairs(rule))
