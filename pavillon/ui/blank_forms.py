"""Forms that nobody filled in yet, drawn once for all who find the same fields in them.

To draw ten fields takes longer than to find the page that they stand on. What is kept is a function of what names it:
the form, its fields and which of them are locked, the language, `more`. In tests (`settings.PROVE_STEADY`) each is
drawn every time as well, and compared.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.translation import get_language

# Forms times languages times what the matrix leaves of them.
MOST = 500

_kept: dict[Hashable, Any] = {}


class NotAlike(Exception):
    """A form was drawn otherwise than for somebody before, to whom it should say the same."""


def draw_blank(form: BaseForm, template: str, *more: Hashable) -> Any:
    """`template` with a form like `form`, which has no answers and no errors.

    `more` names what else its words depend on, its initial values first of all. What differs from one reader to
    another, such as the people of a company, is put in afterwards by whoever draws.
    """
    fields = tuple((name, field.disabled) for name, field in form.fields.items())
    key = (template, type(form), form.auto_id, fields, *more)
    return draw_alike(key, lambda: render_to_string(template, {"form": form}))


def draw_alike(key: tuple[Any, ...], draw: Callable[[], Any]) -> Any:
    """What `draw` makes, where `key` and the language name all that it depends on."""
    key = (get_language(), *key)
    known = _kept.get(key)
    if known is not None and not getattr(settings, "PROVE_STEADY", False):
        return known
    drawn = draw()
    if known is not None and known != drawn:
        raise NotAlike(f"{key}: {drawn} instead of {known}")
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = drawn
    return drawn
