"""Reads over logs, keys and privileges."""

from typing import Any

from django.apps import apps

from pavillon.core.policy import Level, Policy
from pavillon.security.models import ChainedLog, LogAnchor, PolicyCell


def chained_logs() -> list[type[ChainedLog]]:
    """Every append-only log of the house."""
    return sorted(
        (m for m in apps.get_models() if issubclass(m, ChainedLog)), key=lambda model: model._meta.label_lower
    )


def last_anchor(log: type[ChainedLog]) -> LogAnchor | None:
    return LogAnchor.objects.filter(log=log._meta.label_lower).order_by("-number").first()


def policy_for(user: Any) -> Policy:
    """The cells that bind a person as what he acts as now: one statement.

    It is read anew for each request: a change of the matrix is effective at once in every process, and there is
    no cache that could be stale.
    """
    role = getattr(user, "role", "")
    if not role:
        return Policy()
    cells = PolicyCell.objects.binding(role, user.organisation.pk if user.organisation else None, user.region_id)
    # From the widest scope to the narrowest: the last one written wins.
    return Policy({(c[0], c[1]): Level(c[2]) for c in cells.values_list("model", "field", "level")})
