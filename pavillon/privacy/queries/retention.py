"""Which rows a rule of retention concerns now; what an application of it did."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from django.apps import apps
from django.db.models import DateField, DateTimeField, Model, QuerySet
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.core.personal_data import Holding, holdings
from pavillon.core.wall import house
from pavillon.privacy.models import Erasure, RetentionRule, RetentionRun

# What one application takes on: the next night takes the rest.
MOST = 2_000
Keeper = Callable[[QuerySet[Any], datetime], QuerySet[Any]]
_keepers: dict[type[Model], list[Keeper]] = {}


def keep_while(model: type[Model], keeper: Keeper) -> None:
    """A room says why rows are still used: `keeper(rows, since) -> rows` leaves out what was used after `since`."""
    _keepers.setdefault(model, []).append(keeper)


def ruled_tables() -> dict[str, tuple[type[Model], Holding]]:
    """The tables that a rule may be about: declared, with a clock of their own."""
    return {
        model._meta.label_lower: (model, holding)
        for model, holding in sorted(holdings().items(), key=lambda item: item[0]._meta.label_lower)
        if holding.clock
    }


def limit_of(rule: RetentionRule, on: date | None = None) -> date:
    """Rows last used before this day have had their time."""
    today = on or timezone.localdate()
    month = today.year * 12 + today.month - 1 - rule.months
    first = date(month // 12, month % 12 + 1, 1)
    return min(date.fromordinal(first.toordinal() + today.day - 1), today)


def rows_over(rule: RetentionRule, *, before: date | None = None) -> QuerySet[Any]:
    """The rows whose time is over, and which nobody erased yet."""
    tables = ruled_tables()
    if rule.table not in tables:
        return apps.get_model(rule.table).objects.none()
    model, holding = tables[rule.table]
    limit = before or limit_of(rule)
    moment = timezone.make_aware(datetime.combine(limit, time.min))
    column = _column_of(model, holding.clock)
    is_day = isinstance(column, DateField) and not isinstance(column, DateTimeField)
    rows: QuerySet[Any] = model._default_manager.filter(**{f"{holding.clock}__lt": limit if is_day else moment})
    for keeper in _keepers.get(model, []):
        rows = keeper(rows, moment)
    erased: set[Any] = set()
    for done in Erasure.objects.filter(rows__has_key=rule.table).values_list("rows", flat=True):
        erased.update(done[rule.table])
    return rows.exclude(pk__in=list(erased)).order_by("pk")


def _column_of(model: type[Model], clock: str) -> Any:
    """The column that a clock names: of the table itself, or of what it belongs to ("offer__drafted_at")."""
    *way, name = clock.split("__")
    for step in way:
        model = cast("type[Model]", model._meta.get_field(step).related_model)
    return model._meta.get_field(name)


@house()
def sample_over(rule: RetentionRule, most: int = 20) -> tuple[int, list[Any]]:
    """How many rows a rule concerns now, whichever organisations they belong to, and the numbers of the first."""
    rows = rows_over(rule)
    return rows.count(), list(rows.values_list("pk", flat=True)[:most])


def certificate_of(run: RetentionRun) -> dict[str, Any]:
    """What the certificate says; its digest is in the trail."""
    rule = run.rule
    return {
        "reference": run.reference,
        "table": rule.table,
        "months": rule.months,
        "act": rule.act,
        "before": run.before.isoformat(),
        "listed": run.count,
        "told": run.told,
        "spared": run.spared,
        "done_at": run.done_at.isoformat() if run.done_at else "",
        "erasure": run.erasure,
    }


def digest_of(run: RetentionRun) -> str:
    return hashlib.sha256(json.dumps(certificate_of(run), sort_keys=True).encode()).hexdigest()


def table_name(table: str) -> str:
    """What a table is called on screen."""
    tables = ruled_tables()
    name = tables[table][0]._meta.verbose_name if table in tables else table
    text = str(name)
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class ToldRule:
    """A rule with the words of its table: what it is called and why its rows are held."""

    rule: RetentionRule
    name: str
    purpose: str


def told_rules(rules: Iterable[RetentionRule]) -> list[ToldRule]:
    tables = ruled_tables()
    return [
        ToldRule(rule, table_name(rule.table), str(tables[rule.table][1].purpose) if rule.table in tables else "")
        for rule in rules
    ]


def accounts_of_companies(rows: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    """Accounts without those of the export team."""
    return rows.exclude(pk__in=User.objects.of_the_team().values("pk"))
