"""From a rule to one condition of a queryset: never a query a row, never a join that multiplies rows."""

import datetime
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q
from django.utils import timezone

from pavillon.directory.criteria.fields import Ask, Field, Kind
from pavillon.directory.criteria.rules import Deed, Group, Question, Rule

NUMBERS = {"is": "", "above": "__gt", "least": "__gte", "below": "__lt", "most": "__lte"}
NOTHING = Q(pk__in=())


def condition_of(rule: Rule, user: Any, *, one_by_one: bool = False, is_denied: bool = False) -> Q:
    """The condition that keeps the rows of a rule, for this reader. An empty rule keeps all.

    `one_by_one` says it for a walk along an index that stops after a page: what would be gathered for the whole base is
    asked of each row instead. `is_denied` is true inside an odd number of "not".
    """
    if not rule.parts:
        return Q()
    how = {"one_by_one": one_by_one, "is_denied": is_denied != (rule.how == "not")}
    parts = [
        condition_of(p, user, **how) if isinstance(p, Group) else question_condition(p, user, **how) for p in rule.parts
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined & part if rule.how == "all" else joined | part
    return ~joined if rule.how == "not" else joined


def question_condition(question: Question, user: Any, *, one_by_one: bool = False, is_denied: bool = False) -> Q:
    """The condition of one question. Who may not ask it finds nothing, whatever way it came here."""
    field, prefix = question.field, question.field.subject_prefix
    if not field.is_open_to(user):
        return NOTHING
    ask = Ask(question.op, question.value, user, prefix, one_by_one, is_denied)
    if field.condition is not None:
        return field.condition(ask)
    if field.rows is not None:
        return _through_rows(field, ask)
    return compare(field, f"{prefix}{field.path}", question.op, question.value)


def _through_rows(field: Field, ask: Ask) -> Q:
    """A semi-join: some row, among those that the reader may see, answers the question."""
    assert field.rows is not None
    rows = field.rows(ask.user).order_by()
    here = rows.filter(**{field.link: OuterRef(ask.key)})
    if field.kind is Kind.DEEDS:
        return _deeds(field, ask, rows, here)
    if ask.op in ("empty", "no"):
        return ~Q(Exists(here))
    if ask.op in ("filled", "yes"):
        return Q(Exists(here))
    if ask.op == "not_in":
        return ~Q(Exists(here.filter(compare(field, field.path, "in", ask.value))))
    return Q(Exists(here.filter(compare(field, field.path, ask.op, ask.value))))


def _deeds(field: Field, ask: Ask, rows: Any, here: Any) -> Q:
    deed: Deed = ask.value
    narrow = Q()
    if deed.days:
        narrow &= Q(**{f"{field.moment}__gte": timezone.now() - datetime.timedelta(days=deed.days)})
    if deed.kinds:
        narrow &= Q(**{f"{field.sort_path}__in": deed.kinds})
    if deed.least == 1:
        found = Q(Exists(here.filter(narrow)))
    elif ask.one_by_one or (ask.op == "did_not") != ask.is_denied:
        # Whether there is one after the first `least - 1`: no more are read than that. What most companies lack is met
        # at once, and gathering those that have it would read the whole base.
        found = Q(Exists(here.filter(narrow)[deed.least - 1 : deed.least]))
    else:
        # Counted once for all, not once a company, and from columns that an index holds.
        often = rows.filter(narrow).exclude(**{field.link: None}).values(field.link)
        found = Q(**{f"{ask.key}__in": often.annotate(n=Count("*")).filter(n__gte=deed.least).values(field.link)})
    return ~found if ask.op == "did_not" else found


def compare(field: Field, path: str, op: str, value: Any) -> Q:
    """A comparison with one column."""
    if op == "empty":
        return _empty(field, path)
    if op == "filled":
        return ~_empty(field, path)
    if op in ("yes", "no"):
        return Q(**{path: op == "yes"})
    if field.kind is Kind.CHOICE:
        chosen = Q(**{f"{path}__in": value})
        if op == "not_in" and field.options is not None:
            # The others one by one: an index finds rare ones, which "none of" would never look up.
            others = [key for key, _label in field.options() if str(key) not in value]
            if "__" not in field.path:
                return Q(**{f"{path}__in": [*others, ""]})
            return Q(**{f"{path}__in": others}) | _empty(field, path)
        # "None of" is also true of what is not known.
        return chosen if op == "in" else ~chosen | Q(**{f"{path}__isnull": True})
    if op in ("between", "inside"):
        low, high = value
        if field.kind is Kind.DATE:
            return Q(**{f"{path}__gte": _start(field, low), f"{path}__lt": _end(field, high)})
        ends = ("__gte", "__lte") if op == "between" else ("__gt", "__lt")
        return Q(**{f"{path}{ends[0]}": low, f"{path}{ends[1]}": high})
    if field.kind is Kind.DATE:
        return _dates(field, path, op, value)
    if field.kind is Kind.TEXT:
        how = {"contains": "icontains", "begins": "istartswith", "is": "iexact"}[op]
        # That it is not blank goes without saying, but an index of what is known is used only when it is said.
        return Q(**{f"{path}__{how}": value}) & ~Q(**{path: ""})
    return Q(**{f"{path}{NUMBERS[op]}": value})


def _empty(field: Field, path: str) -> Q:
    if field.kind is Kind.CHOICE and "__" in field.path:
        # What the first step leads to always has the value: its own key says it without a join.
        path = f"{path.removesuffix(field.path)}{field.path.partition('__')[0]}"
        return Q(**{f"{path}__isnull": True})
    if field.kind is Kind.CHOICE and field.options is not None:
        return Q(**{path: ""})
    return Q(**{f"{path}__isnull": True}) | _blank(field, path)


def _blank(field: Field, path: str) -> Q:
    """Text columns know an empty value beside NULL; a choice of a table has none."""
    is_text = field.kind is Kind.TEXT or (field.kind is Kind.CHOICE and field.names is None)
    return Q(**{path: ""}) if is_text else Q()


def _start(field: Field, day: datetime.date) -> Any:
    if field.is_whole:
        return day
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _end(field: Field, day: datetime.date) -> Any:
    return _start(field, day + datetime.timedelta(days=1))


def _dates(field: Field, path: str, op: str, value: Any) -> Q:
    if op in ("last", "older"):
        since = timezone.localdate() - datetime.timedelta(days=value)
        return Q(**{f"{path}{'__gte' if op == 'last' else '__lt'}": _start(field, since)})
    if op == "after":
        return Q(**{f"{path}__gte": _end(field, value)})
    if op == "before":
        return Q(**{f"{path}__lt": _start(field, value)})
    return Q(**{f"{path}__gte": _start(field, value), f"{path}__lt": _end(field, value)})


def holds_for(rule: Rule, row: Model, user: Any) -> bool:
    """Whether one row answers the rule, today. One statement."""
    return type(row)._default_manager.filter(condition_of(rule, user), pk=row.pk).exists()
