"""How the record that an address names is found: the question is put together once for all who stand alike."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from pavillon.ui import steady

# Keys of nearly all tables. A number beyond them is no key, and PostgreSQL is not asked for it.
_NUMBERS = range(2**63)


def find(model: Any, user: Any, pk: Any, brings: str = "") -> Any:
    """The row of `model` with this key that `user` sees, as `core.views.look` says it. Raises Http404."""

    def seen(who: Any, key: Any) -> Any:
        rows = model._default_manager.visible_to(who)
        return (getattr(rows, brings)() if brings else rows).filter(pk=key).order_by()

    if model._meta.pk.get_internal_type() != "BigAutoField" or type(pk) is not int or pk not in _NUMBERS:
        return get_object_or_404(seen(user, pk))
    found = steady.rows(("find", model, brings), user, seen, pk)
    if len(found) > 1:
        raise model.MultipleObjectsReturned(f"{model._meta.object_name} {pk}: {len(found)} rows")
    if not found:
        raise Http404(f"No {model._meta.object_name} matches the given query.")
    return found[0]
