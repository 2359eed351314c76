"""Role × object × field: what a person may write, read or never see, as data.

The `security` room stores the matrix and provides it (`provide`); every queryset, form, template, export and
endpoint asks here. Without a provider everything is writable: the rules of `permissions.py` still hold.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

WHOLE = "*"


class Level(IntEnum):
    """How far one may go with an object or a field; a lower level always wins over a wider one."""

    FORBIDDEN = 0
    READ = 1
    WRITE = 2


@dataclass(frozen=True)
class Policy:
    """The cells that bind one person: {("directory.company", "turnover"): Level.READ, …}."""

    cells: Mapping[tuple[str, str], Level] = field(default_factory=dict)

    def level(self, model: type[Model] | Model, name: str = WHOLE) -> Level:
        """The level on one field, never above that of its object. `sector_id` is `sector` under another name."""
        label = model._meta.label_lower
        whole = self.cells.get((label, WHOLE), Level.WRITE)
        if name == WHOLE:
            return whole
        name = governed_name(model, name)
        level = self.cells.get((label, name), Level.WRITE)
        return min(whole, max(level, Level.READ) if (label, name) in _names else level)


_provider: Callable[[Any], Policy] = lambda user: Policy()  # noqa: E731
_governed: dict[type[Model], tuple[str, ...]] = {}
_along: dict[tuple[str, str], str] = {}
_names: set[tuple[str, str]] = set()


def provide(provider: Callable[[Any], Policy]) -> None:
    """Say where policies come from; called once by `security`."""
    global _provider
    _provider = provider


def governs(
    model: type[Model], *, fields: Iterable[str], names: Iterable[str] = (), along: Mapping[str, str] | None = None
) -> None:
    """Put an object and its fields on the privilege matrix.

    `names` are the fields by which the object is called wherever it stands: they may be locked, not hidden; who must
    not know the name is forbidden the object. `along` names fields that say the same as a governed one, or give it
    away, and follow its level.
    """
    _governed[model] = tuple(fields)
    _names.update((model._meta.label_lower, name) for name in names)
    _along.update({(model._meta.label_lower, name): leader for name, leader in (along or {}).items()})


def may_hide(label: str, name: str) -> bool:
    """Whether a line of the matrix ("directory.company", "turnover") may be forbidden."""
    return (label, name) not in _names


def governed_name(model: type[Model] | Model, name: str) -> str:
    """The line of the matrix that a column belongs to: `next_step_on` follows `next_step`."""
    with contextlib.suppress(FieldDoesNotExist):  # a computed value: only `along` can tie it to a line
        name = model._meta.get_field(name).name
    return _along.get((model._meta.label_lower, name), name)


def governed() -> dict[type[Model], tuple[str, ...]]:
    """The lines of the privilege matrix."""
    return dict(sorted(_governed.items(), key=lambda item: item[0]._meta.label_lower))


def policy_of(user: Any) -> Policy:
    """The policy of one person, loaded once a request (it lives on the user object of that request)."""
    known = getattr(user, "_policy", None)
    if known is None:
        known = _provider(user)
        user._policy = known
    return known


def may_read(user: Any, model: type[Model] | Model, name: str = WHOLE) -> bool:
    return policy_of(user).level(model, name) >= Level.READ


def may_write(user: Any, model: type[Model] | Model, name: str = WHOLE) -> bool:
    return policy_of(user).level(model, name) >= Level.WRITE


def readable(user: Any, model: type[Model] | Model, names: Iterable[str]) -> list[str]:
    """Those of `names` that this person may see, in their order."""
    return [name for name in names if may_read(user, model, name)]


def bind_form(form: Any, user: Any, model: type[Model]) -> None:
    """Take forbidden fields out of a form and lock those that may only be read.

    Call at the end of a form's `__init__`; a locked field keeps its initial value whatever is posted.
    """
    for name in list(form.fields):
        level = policy_of(user).level(model, name)
        if level is Level.FORBIDDEN:
            del form.fields[name]
        elif level is Level.READ:
            form.fields[name].disabled = True
