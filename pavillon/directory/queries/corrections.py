"""Who answers for the base."""

from django.db.models import QuerySet

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User

# The owner of the base: the platform's administrators decide what is corrected against the register.
BASE_OWNERS = frozenset({Role.PLATFORM_ADMIN})


def base_owners() -> QuerySet[User]:
    """People who answer requests for corrections."""
    return User.objects.working().acting_in(role__in=BASE_OWNERS)
