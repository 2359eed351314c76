"""Who may open legally secret data now, and for what."""

from typing import Any

from django.db.models import QuerySet

from pavillon.privacy.models import Clearance, RestrictedClass


def clearance_of(user: Any, code: str) -> Clearance | None:
    """The clearance by which a person may open a class of secret data today; None: she sees “restricted”."""
    if not getattr(user, "is_active", False):
        return None
    found = Clearance.objects.in_force().filter(user=user, purpose__restricted_class=code)
    return found.select_related("purpose__restricted_class").first()


def restricted_classes() -> QuerySet[RestrictedClass]:
    return RestrictedClass.objects.prefetch_related("purposes__clearances__user")
