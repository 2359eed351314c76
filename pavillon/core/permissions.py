"""The one door to authorisation.

A rule is a predicate named after the permission that it answers. Ask with Django's own
`user.has_perm("directory.merge_companies", company)`; unknown names raise, silence never grants.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from pavillon.core.policy import WHOLE, may_write, may_write_some
from pavillon.core.wall import house

Rule = Callable[[Any, Any], bool]
_rules: dict[str, Rule] = {}
_writes: dict[str, tuple[type[Model], str]] = {}


def permission(name: str, *, writes: type[Model] | None = None, field: str = WHOLE) -> Callable[[Rule], Rule]:
    """Register the predicate `rule(user, obj) -> bool` that answers `name` ("room.verb_noun").

    `writes` is the object that the act changes, and `field` the one field without which the act means nothing: who
    may only read it on the privilege matrix is refused, whatever the rule says, on the page, by the button that
    would lead there and through the API.
    """

    def register(rule: Rule) -> Rule:
        if name in _rules:
            raise ValueError(f"Two rules answer {name}")
        _rules[name] = rule
        if writes is not None:
            _writes[name] = (writes, field)
        return rule

    return register


def all_permissions() -> dict[str, Rule]:
    """Every rule by its name, sorted."""
    return dict(sorted(_rules.items()))


def written_by(name: str) -> tuple[type[Model], str] | None:
    """What an act changes, as its rule declares it: the object, and the field or "*"."""
    return _writes.get(name)


def _grants(name: str, user: Any, obj: object) -> bool:
    written = _writes.get(name)
    if written is not None:
        model, field = written
        may = may_write(user, obj, field) if isinstance(obj, model) else may_write_some(user, model, field)
        if not may:
            return False
    return bool(_rules[name](user, obj))


class RulesBackend:
    """Lets `user.has_perm` answer from the registered rules; other names alone go on to Django's backends."""

    def authenticate(self, request: object, **credentials: object) -> None:
        return None

    def has_perm(self, user: AbstractBaseUser, name: str, obj: object = None) -> bool:
        if name not in _rules:
            return False
        if user.is_active and _grants(name, user, obj):
            return True
        # The rule has the last word: the back ends behind it would ask the tables of Django for the same name.
        raise PermissionDenied(name)

    def has_module_perms(self, user: AbstractBaseUser, app_label: str) -> bool:
        return False


def is_allowed(user: Any, name: str, obj: object = None) -> bool:
    """Ask a rule about anybody, signed in or not.

    Raises LookupError for a name that no rule answers: a misspelt permission must never read as "no".
    """
    if name not in _rules:
        raise LookupError(f"No rule answers {name}")
    return bool(getattr(user, "is_active", False)) and _grants(name, user, obj)


def require(user: Any, name: str, obj: object = None) -> None:
    """Raise PermissionDenied unless the rule grants."""
    if not is_allowed(user, name, obj):
        raise PermissionDenied(name)


def sees(user: Any, row: Any) -> bool:
    """Whether `visible_to` shows a row to somebody, who need not be asking: it looks from inside the house."""
    with house():
        is_shown = getattr(row, "shown_to", 0) == user.pk  # found by this very request (`requires`, `ui.loading`)
        return is_shown or bool(type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists())
