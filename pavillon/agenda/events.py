"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

absence_planned = Signal()  # entry, by
absence_removed = Signal()  # person, starts_on, ends_on, by
entry_changed = Signal()  # entry, changes, by
entry_deleted = Signal()  # entry (about to go), by
