"""What the privilege matrix governs here."""

from pavillon.accounts.models import User
from pavillon.core.policy import governs

governs(User, fields=["email", "phone", "last_login", "office", "country"])
