"""Rules: questions joined by all, any, not. Their written form (JSON), checked; nothing here touches the database.

{"all": [{"field": "region", "op": "in", "value": ["53"]},
         {"any": [{"field": "turnover", "op": "above", "value": 1000000}, …]},
         {"not": {"field": "interactions", "op": "did", "value": {"days": 90, "least": 1, "kinds": ["visit"]}}}]}
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from pavillon.directory.criteria.fields import BARE, OPERATOR_WORDS, PAIRS, Field, Kind, fields_for

DEEPEST = 6
MOST_QUESTIONS = 60
MOST_VALUES = 500
LONGEST_TEXT = 200
MOST_DAYS = 36_500
# Above any sum or number of the base; beyond, a column would overflow.
LARGEST = Decimal(10) ** 13


class WrongRule(ValueError):
    """A rule that cannot be asked; the message names field, value and remedy, `path` where it stands ("all.2")."""

    def __init__(self, message: str, path: str = "", field: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.field = field


@dataclass(frozen=True)
class Question:
    """One field, one operator, its value: text, Decimal, date, a pair, a tuple of keys, or a `Deed`."""

    field: Field
    op: str
    value: Any = None


@dataclass(frozen=True)
class Deed:
    """Something that happened at least `least` times, within `days` (None: ever), of some `kinds` (none: any)."""

    least: int = 1
    days: int | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Parts joined: how is "all", "any", or "not" (none of the parts)."""

    how: str
    parts: tuple["Question | Group", ...]

    def questions(self) -> Iterator[Question]:
        for part in self.parts:
            if isinstance(part, Question):
                yield part
            else:
                yield from part.questions()

    @property
    def is_flat(self) -> bool:
        """Whether it can be written in an address: questions that must all hold."""
        return self.how == "all" and all(isinstance(part, Question) for part in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)


EVERYTHING = Group("all", ())
Rule = Group


def read_rule(written: Any, subject: type[Model], user: Any) -> Rule:
    """The rule that a person wrote (parsed JSON). Raises WrongRule; a hidden field is as unknown as a misspelt one."""
    if written in (None, "", {}, []):
        return EVERYTHING
    reader = _Reader(fields_for(subject, user))
    return reader.group(written, "", 1) if _is_group(written) else Group("all", (reader.question(written, ""),))


def write_rule(rule: Rule) -> dict[str, Any]:
    """The written form (JSON) that `read_rule` reads back equal."""
    parts = [write_rule(p) if isinstance(p, Group) else write_question(p) for p in rule.parts]
    return {rule.how: parts}


def write_question(question: Question) -> dict[str, Any]:
    written: dict[str, Any] = {"field": question.field.name, "op": question.op}
    if question.op not in BARE:
        written["value"] = _plain(question.value)
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Deed):
        return {"least": value.least} | ({"days": value.days} if value.days else {}) | (
            {"kinds": list(value.kinds)} if value.kinds else {}
        )  # fmt: skip
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _is_group(written: Any) -> bool:
    return isinstance(written, Mapping) and bool({"all", "any", "not"} & set(written))


class _Reader:
    """Reads one rule, with the fields that its author may use."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self.asked = 0

    def group(self, written: Mapping[str, Any], path: str, depth: int) -> Group:
        if len(written) != 1:
            raise WrongRule(
                _("A group has one word, “all”, “any” or “not”; this one has %(words)s.")
                % {"words": ", ".join(map(str, written))},
                path,
            )
        if depth > DEEPEST:
            raise WrongRule(
                _("Groups stand at most %(n)s deep in each other: flatten the rule.") % {"n": DEEPEST}, path
            )
        ((how, parts),) = written.items()
        if how == "not" and isinstance(parts, Mapping):
            parts = [parts]
        if not isinstance(parts, list):
            raise WrongRule(_("“%(how)s” needs a list of questions.") % {"how": how}, path)
        read = []
        for place, part in enumerate(parts):
            here = f"{path}.{how}.{place}".lstrip(".")
            read.append(self.group(part, here, depth + 1) if _is_group(part) else self.question(part, here))
        return Group(how, tuple(read))

    def question(self, written: Any, path: str) -> Question:
        self.asked += 1
        if self.asked > MOST_QUESTIONS:
            raise WrongRule(_("A rule asks at most %(n)s questions.") % {"n": MOST_QUESTIONS}, path)
        if not isinstance(written, Mapping) or "field" not in written:
            raise WrongRule(
                _("A question is written with “field”, “op” and “value”; this one is %(what)s.")
                % {"what": str(written)[:80]},
                path,
            )
        unknown = set(written) - {"field", "op", "value"}
        if unknown:
            raise WrongRule(_("“%(word)s” means nothing in a question.") % {"word": sorted(map(str, unknown))[0]}, path)
        return self.asked_of(str(written["field"]), str(written.get("op", "")), written.get("value"), path)

    def asked_of(self, name: str, op: str, value: Any, path: str = "") -> Question:
        field = self.fields.get(name)
        if field is None:
            raise WrongRule(
                _("“%(name)s” is not a field that you can ask. Choose one from the list.") % {"name": name[:60]},
                path,
                name,
            )
        if op not in field.operators:
            raise WrongRule(
                _("%(field)s: “%(op)s” cannot be asked of it; it knows %(known)s.")
                % {"field": field.label, "op": op[:30], "known": ", ".join(field.operators)},
                path,
                name,
            )
        return Question(field, op, None if op in BARE else read_value(field, op, value, path))


def ask_question(subject: type[Model], user: Any, name: str, op: str, value: Any) -> Question:
    """One question, as a form or an address writes it. Raises WrongRule."""
    return _Reader(fields_for(subject, user)).asked_of(name, op, value)


def read_value(field: Field, op: str, value: Any, path: str = "") -> Any:
    """A value of the field's kind. Raises WrongRule naming the field, the value and the remedy."""

    def wrong(message: str) -> WrongRule:
        return WrongRule(f"{field.label}: {message}", path, field.name)

    if field.kind is Kind.DEEDS:
        return _read_deed(value, wrong)
    if op in PAIRS:
        pair = value if isinstance(value, list | tuple) else str(value).split(",")
        if len(pair) != 2:
            raise wrong(
                _("“%(op)s” needs two values, from and to; it has %(n)s.") % {"op": OPERATOR_WORDS[op], "n": len(pair)}
            )
        low, high = (_read_one(field, each, wrong) for each in pair)
        if low > high:
            raise wrong(_("from %(low)s to %(high)s is nothing: exchange the two.") % {"low": pair[0], "high": pair[1]})
        return (low, high)
    if field.kind is Kind.CHOICE:
        return _read_keys(field, value, wrong)
    if op in ("last", "older"):
        return _read_days(value, wrong)
    return _read_one(field, value, wrong)


def _read_one(field: Field, value: Any, wrong: Any) -> Any:
    text = str(value if value is not None else "").strip()
    if not text:
        raise wrong(_("a value is missing."))
    if field.kind in (Kind.NUMBER, Kind.MONEY):
        return _read_number(text, wrong)
    if field.kind is Kind.DATE:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise wrong(_("“%(value)s” is not a day. Write it as 2026-03-31.") % {"value": text[:40]}) from None
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise wrong(_("the text is longer than %(n)s characters.") % {"n": LONGEST_TEXT})
    return text


def _read_number(text: str, wrong: Any) -> Decimal:
    plain = text.replace(" ", "").replace("\u202f", "").replace("\u00a0", "").replace(",", ".").rstrip("€%")
    factor = {"k": 1_000, "K": 1_000, "M": 1_000_000}.get(plain[-1:], 1)
    try:
        number = Decimal(plain[:-1] if factor > 1 else plain) * factor
    except InvalidOperation:
        raise wrong(
            _("“%(value)s” is not a number. Write digits, for example 1500000.") % {"value": text[:40]}
        ) from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise wrong(_("“%(value)s” is beyond what the base can hold.") % {"value": text[:40]})
    return number


def _read_days(value: Any, wrong: Any) -> int:
    text = str(value if value is not None else "").strip()
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_DAYS:
        raise wrong(
            _("“%(value)s” is not a number of days. Give one from 1 to %(most)s.")
            % {"value": text[:40], "most": MOST_DAYS}
        )
    return int(text)


def _read_keys(field: Field, value: Any, wrong: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else str(value if value is not None else "").split(",")
    keys = tuple(dict.fromkeys(text for each in values if (text := str(each).strip())))
    if not keys:
        raise wrong(_("choose at least one value."))
    if len(keys) > MOST_VALUES:
        raise wrong(_("at most %(n)s values can be chosen.") % {"n": MOST_VALUES})
    if field.options is not None:
        known = {str(key) for key, _label in field.options()}
        for key in keys:
            if key not in known:
                raise wrong(_("“%(value)s” is not one of its values.") % {"value": key[:40]})
    for key in keys:
        if len(key) > 60 or "\x00" in key:
            raise wrong(_("“%(value)s” is not one of its values.") % {"value": key[:40]})
    return keys


def _read_deed(value: Any, wrong: Any) -> Deed:
    if isinstance(value, str):
        value = dict(part.split(":", 1) for part in value.split(";") if ":" in part)
    if value is not None and not isinstance(value, Mapping):
        raise wrong(_("say it with “least”, “days” and “kinds”."))
    told = {key: each for key, each in (value or {}).items() if each not in (None, "", [])}
    if unknown := set(told) - {"least", "days", "kinds"}:
        raise wrong(_("“%(word)s” means nothing here; say “least”, “days” or “kinds”.") % {"word": sorted(unknown)[0]})
    least = str(told.get("least", 1))
    if not least.isdecimal() or not 1 <= int(least[:6]) <= 10_000:
        raise wrong(_("“%(value)s” times: give a number from 1 to 10000.") % {"value": least[:20]})
    kinds = told.get("kinds", ())
    kinds = kinds.split(",") if isinstance(kinds, str) else kinds
    days = _read_days(told["days"], wrong) if "days" in told else None
    return Deed(int(least), days, tuple(dict.fromkeys(str(kind)[:40] for kind in kinds)))
