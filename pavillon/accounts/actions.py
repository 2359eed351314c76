"""What is done to accounts, memberships and organisations."""

from django.db import transaction

from pavillon.accounts.models import User


@transaction.atomic
def forget_user(user: User) -> None:
    """Keep the line that the trail points at, lose the person."""
    user.email, user.first_name, user.last_name, user.phone = f"forgotten-{user.pk}@invalid", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
