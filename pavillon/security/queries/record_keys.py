"""Opening what the logs keep of people."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Field

from pavillon.accounts.models import User
from pavillon.core import fields
from pavillon.security.keys import Unreadable
from pavillon.security.models import RecordKey
from pavillon.security.record_keys import PREFIX, Erased, open_sealed, subject_in, unwrapped

Opener = Callable[["Field[Any, Any]", str], str]


def is_sealed(value: Any) -> bool:
    """Whether a log keeps this value encrypted."""
    return isinstance(value, str) and value.startswith((PREFIX, fields.PREFIX))


def opener(values: Iterable[Any], *, by: User) -> Opener:
    """A function (column, value) → text for the sealed ones of `values`, of the records that `by` may see.

    It raises DataLocked while the keys are away, Erased when the person was erased, Unreadable when a value was altered
    or its record is not seen: whether the field may be read is for the caller to ask. One statement for the keys and
    one a kind of record.
    """
    seen = _seen({subject for value in values if (subject := subject_in(value))}, by)
    stored = RecordKey.objects.filter(subject__in=seen).values_list("subject", "wrapped") if seen else ()
    keys = {subject: bytes(key) for subject, key in stored}

    def open_value(column: "Field[Any, Any]", value: str) -> str:
        if subject := subject_in(value):
            if subject not in seen:
                raise Unreadable(f"{subject} is not seen")
            if subject not in keys:
                raise Erased(subject)
            value = open_sealed(value, unwrapped(keys[subject], subject))
        return fields.open_sealed(column, value) if value.startswith(fields.PREFIX) else value

    return open_value


def _seen(subjects: set[str], by: User) -> set[str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for label, _colon, key in (subject.partition(":") for subject in subjects):
        wanted[label].add(key)
    seen = set()
    for label, keys in wanted.items():
        try:
            model = apps.get_model(label)
            keys = {str(model._meta.pk.to_python(key)) for key in keys}
        except (LookupError, ValueError, ValidationError):
            # Somebody typed a text that looks sealed: it names no record, and hides nothing.
            continue
        manager = model._default_manager
        if hasattr(manager, "visible_to"):
            keys = {str(pk) for pk in manager.visible_to(by).filter(pk__in=keys).values_list("pk", flat=True)}
        seen |= {f"{label}:{key}" for key in keys}
    return seen
