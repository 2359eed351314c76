"""What an action changed, as the trail keeps it: {field: [old, new]}."""

from typing import Any

from django.db import models

Changes = dict[str, list[Any]]


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's own columns as plain values, to be compared with later."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def changes_since(before: dict[str, Any], row: models.Model) -> Changes:
    """Columns whose value differs from the snapshot. Encrypted columns stay encrypted in the answer."""
    found: Changes = {}
    for f in row._meta.concrete_fields:
        old, new = before.get(f.attname), getattr(row, f.attname)
        if old != new and not getattr(f, "auto_now", False):
            keep = getattr(f, "for_the_trail", None)
            found[f.attname] = [keep(old), keep(new)] if keep else [old, new]
    return found
