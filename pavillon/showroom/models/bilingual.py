"""Texts kept in French and in English, and read in the language of the page."""

from django.utils.translation import get_language


def in_reader_language(row, name):
    """`name_fr` or `name_en` by the language of the page; the other one when it is empty."""
    first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
    return getattr(row, f"{name}_{first}") or getattr(row, f"{name}_{second}")


def language_shown(row, name):
    """The language of the text that `in_reader_language` answers: a fallback must be marked with its own `lang`."""
    first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
    return first if getattr(row, f"{name}_{first}") or not getattr(row, f"{name}_{second}") else second
