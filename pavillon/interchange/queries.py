from django.db.models import QuerySet

from pavillon.accounts.enums import SECOND_FACTOR_ROLES
from pavillon.accounts.models import Membership, User


def memberships_for_keys(user: User) -> QuerySet[Membership]:
    """In whose name a person may make a key: his own roles, without those that demand a second factor.

    A key is a secret in a file: whoever makes one for a colleague would read as that colleague.
    """
    return Membership.objects.current().filter(user=user).exclude(role__in=SECOND_FACTOR_ROLES)
