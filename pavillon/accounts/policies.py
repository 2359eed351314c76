"""What the privilege matrix governs here."""

from django.db.models import Q

from pavillon.accounts import standing as standing
from pavillon.accounts.models import User
from pavillon.core.policy import governs, owned_by

owned_by(User, lambda user: Q(pk=user.pk))
governs(User, fields=["email", "phone", "last_login", "office", "country"])
