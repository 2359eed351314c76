"""The hands of a merge: they move what points at a record, keep a journal, and find the way back.

What is done to each column is said by the rules of `models.references`. Values in a journal are the JSON texts that
PostgreSQL gives of a column, so that they are put back exactly, encrypted ones included.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pavillon.accounts.models import User
from pavillon.directory.models import Company, Contact
from pavillon.directory.models.references import Rule, attname, rule_named, rules_for, unique_sets, with_equal_nulls
from pavillon.metrics.actions import part_company

Image = dict[str, str]
Record = Company | Contact
Journal = dict[str, Any]


@dataclass
class Moves:
    """The hands of a merge: whatever is done through them is written in the journal and can be undone."""

    by: User | None
    # Groups of columns of the records, and those whose values the kept one takes from the removed one.
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    moved: dict[str, list[Any]] = field(default_factory=dict)
    changed: list[Any] = field(default_factory=list)
    deleted: list[Any] = field(default_factory=list)
    created: list[Any] = field(default_factory=list)
    summed: dict[str, Any] = field(default_factory=dict)

    def follow(self, rule: Rule, kept: models.Model, removed: models.Model) -> None:
        """Let the rows of one column follow, but for those that the kept record has an equal of."""
        rows = rule.rows_of(removed)
        taken = set(_taken(rule, rows, kept).values_list("pk", flat=True)) if rule.taken else set()
        moving = [pk for pk in rows.select_for_update().values_list("pk", flat=True) if pk not in taken]
        if rule.taken == "drop" and taken:
            self.delete(rule.model._base_manager.filter(pk__in=taken))
        if moving:
            rule.model._base_manager.filter(pk__in=moving).update(**rule.values(kept))
            self.moved.setdefault(rule.key, []).extend(moving)

    def change(self, rows: QuerySet[Any], **values: Any) -> None:
        """Write columns of rows."""
        model = rows.model
        pks = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        before = images(model, pks)
        model._base_manager.filter(pk__in=pks).update(**values)
        for pk, after in images(model, pks).items():
            different = {name: [before[pk][name], new] for name, new in after.items() if before[pk][name] != new}
            if different:
                self.changed.append([model._meta.label_lower, pk, different])

    def delete(self, rows: QuerySet[Any]) -> None:
        """Take rows away; one that others point at is refused by the database."""
        model = rows.model
        gone = images(model, list(rows.values_list("pk", flat=True)))
        model._base_manager.filter(pk__in=gone)._raw_delete(using="default")
        self.deleted += [[model._meta.label_lower, image] for image in gone.values()]

    def create(self, row: models.Model) -> None:
        """Add a row."""
        row.save(force_insert=True)
        self.created.append([row._meta.label_lower, row.pk, images(type(row), [row.pk])[row.pk]])

    def journal(self) -> Journal:
        parts = {
            "moved": self.moved,
            "changed": self.changed,
            "deleted": self.deleted,
            "created": self.created,
            "summed": self.summed,
        }
        return {name: part for name, part in parts.items() if part}


def move_everything(moves: Moves, kept: Record, removed: Record) -> None:
    """Apply every rule about this kind of record."""
    for rule in rules_for(type(kept)):
        if rule.function:
            rule.function(moves, kept, removed)
        elif not rule.why:
            moves.follow(rule, kept, removed)


class _Same(models.Func):
    """Two values that are equal, or both empty."""

    template = "%(expressions)s"
    arg_joiner = " IS NOT DISTINCT FROM "
    output_field = models.BooleanField()


def _taken(rule: Rule, rows: QuerySet[Any], kept: models.Model) -> QuerySet[Any]:
    """Those of `rows` that a unique constraint would refuse beside a row of the kept record."""
    values, clash = rule.values(kept), Q(pk__in=[])
    for names, condition in unique_sets(rule.model):
        if not set(values) & {attname(rule.model, name) for name in names}:
            continue
        others = [name for name in names if attname(rule.model, name) not in values]
        equal = rule.model._base_manager.filter(condition, **values)
        if tuple(names) in with_equal_nulls(rule.model):
            equal = equal.filter(*(_Same(F(name), OuterRef(name)) for name in others))
        else:
            equal = equal.filter(**{name: OuterRef(name) for name in others})
        clash |= Q(Exists(equal)) & condition
    return rows.filter(clash)


# Rows as the database has them --------------------------------------------------------------------------------------


def images(model: type[models.Model], pks: Iterable[Any]) -> dict[Any, Image]:
    """Rows by number, each as {column: JSON text of its value}."""
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{key}, (SELECT jsonb_object_agg(key, value::text) FROM jsonb_each(to_jsonb(t)))"  # noqa: S608
            f" FROM {table} t WHERE t.{key} = ANY(%s) ORDER BY t.{key}",
            [list(pks)],
        )
        return {pk: json.loads(image) if isinstance(image, str) else image for pk, image in cursor.fetchall()}


def _written(model: type[models.Model], image: Image) -> tuple[str, list[str]]:
    """The image as one JSON text, and its columns that can be written."""
    columns = [c.column for c in model._meta.concrete_fields if c.column in image and not c.generated]
    text = ",".join(f"{json.dumps(name)}:{image[name]}" for name in columns)
    return f"{{{text}}}", columns


def write_image(model: type[models.Model], pk: Any, image: Image) -> None:
    """Put column values back into a row."""
    text, columns = _written(model, image)
    if not columns:
        return
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column  # type: ignore[union-attr]
    pairs = ", ".join(f'"{name}" = r."{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {pairs} FROM jsonb_populate_record(NULL::{table}, %s::jsonb) r"  # noqa: S608
            f" WHERE t.{key} = %s",
            [text, pk],
        )


def _insert_image(model: type[models.Model], image: Image) -> None:
    text, columns = _written(model, image)
    table, names = connection.ops.quote_name(model._meta.db_table), ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE"  # noqa: S608
            f" SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
            [text],
        )


# The way back -------------------------------------------------------------------------------------------------------


def move_everything_back(journal: Journal, kept: Record, removed: Record) -> dict[str, int]:
    """Undo what a journal says, but for what was edited since. Returns how many rows of each column went back.

    A row that was created since stays where it is. One that was given to a third record, or edited in the column
    concerned, keeps what it was given.
    """
    back: dict[str, int] = {}

    def count(label: str, number: int = 1) -> None:
        if number:
            back[label] = back.get(label, 0) + number

    for label, pk, image in reversed(journal.get("created", [])):
        model = model_named(label)
        if images(model, [pk]).get(pk) == image:
            model._base_manager.filter(pk=pk)._raw_delete(using="default")
    for label, pk, columns in reversed(journal.get("changed", [])):
        if _change_back(model_named(label), pk, columns):
            count(label)
    for key, pks in journal.get("moved", {}).items():
        rule = rule_named(key, type(kept))
        if rule is not None:
            count(key, _follow_back(rule, pks, kept, removed))
    if counts := journal.get("summed", {}).get("metrics"):
        part_company(kept_id=kept.pk, removed_id=removed.pk, moved=counts)
    for label, image in reversed(journal.get("deleted", [])):
        if _kept_out(lambda label=label, image=image: _insert_image(model_named(label), image)):  # type: ignore[misc]
            count(label)
    return back


def model_named(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _follow_back(rule: Rule, pks: list[Any], kept: models.Model, removed: models.Model) -> int:
    rows = rule.rows_of(kept).filter(pk__in=pks)
    if rule.taken or any(True for _ in unique_sets(rule.model)):
        rows = rows.exclude(pk__in=list(_taken(rule, rows, removed).values_list("pk", flat=True)))
    return int(rows.update(**rule.values(removed)))


def _change_back(model: type[models.Model], pk: Any, columns: dict[str, list[str]]) -> bool:
    """Columns that still say what the merge wrote go back; False when none did."""
    now = images(model, [pk]).get(pk)
    if now is None:
        return False
    image = {name: before for name, (before, after) in columns.items() if now.get(name) == after}
    return bool(image) and _kept_out(lambda: write_image(model, pk, image))


def _kept_out(write: Callable[[], None]) -> bool:
    """Write unless the place was taken meanwhile: what stands there now is newer, and stays."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return False
    return True
