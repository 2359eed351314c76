"""Content written in two languages."""

from typing import Any

from django.utils.translation import get_language


def in_language(row: Any, name: str) -> str:
    """`name_fr` or `name_en` of a row, as the page speaks; French when the other is empty."""
    if not (get_language() or "fr").startswith("fr"):
        return getattr(row, f"{name}_en") or getattr(row, f"{name}_fr")
    return getattr(row, f"{name}_fr")
