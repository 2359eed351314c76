"""The logs themselves."""

from django.apps import apps

from pavillon.security.models import ChainedLog, LogAnchor


def chained_logs() -> list[type[ChainedLog]]:
    """Every append-only log of the house."""
    return sorted(
        (m for m in apps.get_models() if issubclass(m, ChainedLog)), key=lambda model: model._meta.label_lower
    )


def last_anchor(log: type[ChainedLog]) -> LogAnchor | None:
    return LogAnchor.objects.filter(log=log._meta.label_lower).order_by("-number").first()
