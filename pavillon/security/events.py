"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

policy_changed = Signal()  # role, model, field, level (None: as the wider scope says), by
