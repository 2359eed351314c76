"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

site_allowed = Signal()  # access, by
access_closed = Signal()  # access, by
