"""What points at a record, and what a merge does with it.

Every room says in its `listeners.py` what becomes of each column that points at a company or a contact:

    moves_with(Interaction, "company")                        # the row follows into the kept record
    moves_with(ProposedMatch, "company", taken="drop")        # ... unless the kept record has an equal one
    moved_by(Referent, "company", move_referents)             # a rule of the room, with `Moves` as its only hands
    stays(MergeEvent, "kept", why="history")                  # read through the forwarding address
    stays(…, target=Contact, only=Q(kind="contact"))          # a plain number: which rows mean a contact

A test asks for the rule of every such column (tests/test_house.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import ForeignKey, Q, QuerySet

from pavillon.directory.models.companies import Company

# Called with the hands of the merge (`actions.moving.Moves`), the kept and the removed record.
Mover = Callable[[Any, Any, Any], None]


@dataclass(frozen=True)
class Rule:
    """What becomes of one column when the record that it names is merged away.

    `taken` says what happens to a row that the kept record has an equal of, by a unique constraint: "" (impossible),
    "stay" (it stays with the removed record) or "drop" (it says nothing more; undoing the merge brings it back).
    `only` tells the rows whose number means a record of `target`, where the table has numbers of both kinds.
    """

    model: type[models.Model]
    name: str
    target: type[models.Model]
    taken: str = ""
    function: Mover | None = None
    why: str = ""
    only: Q = field(default_factory=Q)

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    @property
    def column(self) -> Any:
        """The field itself: a foreign key, a generic reference or a plain number."""
        return _column(self.model, self.name)

    def rows_of(self, record: models.Model) -> QuerySet[Any]:
        """Rows that name this record."""
        return self.model._base_manager.filter(self.only, self.names(record))

    def rows_of_many(self, records: Sequence[models.Model]) -> tuple[QuerySet[Any], str]:
        """Rows that name any of these records of one table, and the column that says which."""
        said = [self.values(record) for record in records]
        # The kind of a generic reference is the same for all of them; what differs is the number.
        *same, number = said[0]
        wanted: dict[str, Any] = {name: said[0][name] for name in same}
        wanted[f"{number}__in"] = [one[number] for one in said]
        return self.model._base_manager.filter(self.only, **wanted), number

    def names(self, record: models.Model) -> Q:
        return Q(**self.values(record))

    def values(self, record: models.Model) -> dict[str, Any]:
        """The column, or the two of a generic reference, with the value that names the record."""
        column = _column(self.model, self.name)
        if isinstance(column, GenericForeignKey):
            key = self.model._meta.get_field(column.fk_field)
            return {
                attname(self.model, column.ct_field): ContentType.objects.get_for_model(record).pk,
                column.fk_field: key.to_python(record.pk),
            }
        return {column.attname if isinstance(column, ForeignKey) else self.name: record.pk}

    def columns(self, record: models.Model) -> dict[str, Any]:
        """The same under the names that the database gives them."""
        by_attname = {attname(self.model, f.name): f.column for f in self.model._meta.concrete_fields}
        return {str(by_attname[name]): value for name, value in self.values(record).items()}


_rules: dict[str, Rule] = {}
_leaving: dict[str, Q] = {}


def _column(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next(f for f in model._meta.private_fields if f.name == name)


def _add(rule: Rule) -> None:
    place = f"{rule.key}>{rule.target._meta.model_name}"
    if place in _rules:
        raise ValueError(f"Two rules of merging for {rule.key}")
    _rules[place] = rule


def _target(model: type[models.Model], name: str, target: type[models.Model] | None) -> type[models.Model]:
    column = _column(model, name)
    return target or (column.related_model if isinstance(column, ForeignKey) else Company)


def moves_with(
    model: type[models.Model], name: str, *, taken: str = "", target: type[models.Model] | None = None
) -> None:
    """Rows follow the record into the one that is kept. `target` is needed for references that are no foreign key."""
    _add(Rule(model, name, _target(model, name, target), taken=taken))


def moved_by(
    model: type[models.Model],
    name: str,
    function: Mover,
    *,
    target: type[models.Model] | None = None,
) -> None:
    """The room moves its rows itself: `function(moves, kept, removed)` writes through `moves` only."""
    _add(Rule(model, name, _target(model, name, target), function=function))


def stays(
    model: type[models.Model],
    name: str,
    *,
    why: str,
    target: type[models.Model] | None = None,
    only: Q | None = None,
) -> None:
    """Rows keep naming the removed record and are read through its forwarding address."""
    _add(Rule(model, name, _target(model, name, target), why=why, only=only if only is not None else Q()))


def leaves_with(model: type[models.Model], name: str, *, only: Q | None = None) -> None:
    """Rows that a machine derived from the record: they are nobody's work and leave when it is withdrawn.

    `only` narrows it to some of them: pairs of which nobody has decided yet.
    """
    _leaving[f"{model._meta.label_lower}.{name}"] = only if only is not None else Q()


def is_derived(rule: Rule) -> Q | None:
    """Which rows of a column are derived from the record that they name; None when none is."""
    return _leaving.get(rule.key)


def rule_named(key: str, target: type[models.Model]) -> Rule | None:
    """The rule of a column ("crm.lead.company"); None when its table is gone."""
    return _rules.get(f"{key}>{target._meta.model_name}")


def rules_for(target: type[models.Model]) -> list[Rule]:
    """The rules about companies or about contacts, by table."""
    return sorted((rule for rule in _rules.values() if rule.target is target), key=lambda rule: rule.key)


def attname(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "attname", name))


def with_equal_nulls(model: type[models.Model]) -> set[tuple[str, ...]]:
    """Those of `unique_sets` in which two empty values are the same."""
    rules = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return {tuple(rule.fields) for rule in rules if rule.nulls_distinct is False}


def unique_sets(model: type[models.Model]) -> Iterator[tuple[tuple[str, ...], Q]]:
    """What must be unique in a table: (fields, condition) for each constraint over plain fields."""
    for column in model._meta.concrete_fields:
        if column.unique and not column.primary_key:
            yield (column.name,), Q()
    for names in model._meta.unique_together:
        yield tuple(names), Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield tuple(constraint.fields), constraint.condition or Q()
