"""Every table told for readers: what its fields take, what must hold between them, and how each is protected.

Read from the models and the database at the moment of asking, so that it cannot fall behind them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.personal_data import holdings

# From the least to the most protected; docs/data.md says what each gets.
ORDINARY, PERSONAL, OF_A_BODY, SEALED = "ordinary", "personal", "of a body", "sealed"


@dataclass(frozen=True)
class Told:
    """One field: its name, the form of its values in words, and its class."""

    name: str
    form: str
    of: str


def rooms() -> Iterator[tuple[str, list[type[models.Model]]]]:
    """The rooms that own tables, from the ground floor up."""
    for app in reversed([app for app in apps.get_app_configs() if app.name.startswith("pavillon.")]):
        owned = [model for model in app.get_models() if not model._meta.proxy]
        if owned:
            yield app.label, sorted(owned, key=lambda model: model.__name__)


def walled_tables() -> frozenset[str]:
    """Tables whose rows PostgreSQL itself shows to their readers only (decision 0035)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity")
        return frozenset(name for (name,) in cursor.fetchall())


def fields_of(model: type[models.Model], *, is_walled: bool) -> list[Told]:
    """The columns of a table, and its many-to-many relations."""
    held = holdings().get(model)
    personal = set(held.fields) if held else set()
    return [
        Told(field.name, form_of(field), class_of(field, is_personal=field.name in personal, is_walled=is_walled))
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
    ]


def class_of(field: "models.Field[object, object]", *, is_personal: bool, is_walled: bool) -> str:
    """The strictest class that holds for a field."""
    if isinstance(field, EncryptedTextField | BlindIndexField):
        return SEALED
    if is_walled:
        return OF_A_BODY
    return PERSONAL if is_personal else ORDINARY


def form_of(field: "models.Field[object, object]") -> str:
    """What a field takes: its kind, its length or digits, its choices, whether it may be empty."""
    parts = [_kind(field)]
    if field.choices:
        values = [str(value) for value, _label in field.flatchoices if value not in (None, "")]
        parts.append("one of " + (", ".join(values) if len(values) <= 8 else f"{len(values)} values"))
    if field.null or field.blank:
        parts.append("may be empty")
    if field.unique and not field.primary_key:
        parts.append("once")
    return "; ".join(parts)


def _kind(field: "models.Field[object, object]") -> str:
    if isinstance(field, models.ManyToManyField | models.ForeignKey):
        many = "several of " if isinstance(field, models.ManyToManyField) else ""
        return f"{many}{field.related_model._meta.label}"
    if isinstance(field, models.DecimalField):
        return f"number of {field.max_digits} digits, {field.decimal_places} of them decimals"
    kind = field.get_internal_type().removesuffix("Field")
    return f"{kind} up to {field.max_length} signs" if field.max_length else kind


def rules_of(model: type[models.Model]) -> list[str]:
    """The constraints of a table by their names, which are sentences, and the fields that they tie together."""
    told = []
    for constraint in model._meta.constraints:
        fields = getattr(constraint, "fields", ()) or _names_in(getattr(constraint, "condition", None))
        words = constraint.name.replace("_", " ")
        told.append(f"{words} ({', '.join(dict.fromkeys(fields))})" if fields else words)
    return told


def _names_in(condition: models.Q | None) -> list[str]:
    """The fields that a condition speaks of, in their order."""
    found: list[str] = []
    for part in getattr(condition, "children", ()):
        if isinstance(part, models.Q):
            found += _names_in(part)
        elif isinstance(part, tuple):
            found.append(str(part[0]).partition("__")[0])
    return found
