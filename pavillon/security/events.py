"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

# user, model, how, rows, is_new (False when a page on the screen shows again the same), line (its key when it is new)
reading_noted = Signal()
access_refused = Signal()  # user: a page, an act or a call that he may not have
record_missed = Signal()  # user: the address of a record that is not there for him
policy_changed = Signal()  # role, model, field, level (None: as the wider scope says), by
shipping_failed = Signal()  # log, place, reason: the collector does not take lines, for the first time in a row
logs_verified = Signal()  # lines, faults, seconds: every log was read from its first line to its last
