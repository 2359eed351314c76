"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

user_created = Signal()  # user, by (None when a person registers alone)
address_verified = Signal()  # user
user_changed = Signal()  # user, changes, by
user_deactivated = Signal()  # user, by
user_reactivated = Signal()  # user, by
sign_in_suspended = Signal()  # user, until
membership_added = Signal()  # membership, by
membership_ended = Signal()  # membership, by
organisation_created = Signal()  # organisation, by
organisation_changed = Signal()  # organisation, changes, by
correspondent_named = Signal()  # correspondent, by
user_invited = Signal()  # user, by
people_import_confirmed = Signal()  # people_import, by
