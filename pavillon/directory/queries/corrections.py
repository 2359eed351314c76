"""Who answers for the base."""

from django.db.models import QuerySet

from pavillon.accounts.models import User
from pavillon.directory.models.corrections import BASE_OWNERS


def base_owners() -> QuerySet[User]:
    """People who answer requests for corrections."""
    return User.objects.working().acting_in(role__in=BASE_OWNERS)
