"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

user_created = Signal()  # user, by (None when a person registers alone)
address_verified = Signal()  # user
user_changed = Signal()  # user, changes, by
user_deactivated = Signal()  # user, by
user_reactivated = Signal()  # user, by
sign_in_suspended = Signal()  # user, until
password_locked = Signal()  # user, until
second_factors_removed = Signal()  # user, by: an officer took them off
sign_in_failed = Signal()  # user (None when nobody has it), email: a wrong password, or any while a lock holds
all_sessions_ended = Signal()  # by: everybody was signed out at once
session_ended = Signal()  # session: allauth's row of a session that is being revoked
signed_in = Signal()  # user, country: the code that a trusted proxy gave, "" when none did
membership_added = Signal()  # membership, by
membership_ended = Signal()  # membership, by
organisation_created = Signal()  # organisation, by
organisation_changed = Signal()  # organisation, changes, by
correspondent_named = Signal()  # correspondent, by
user_invited = Signal()  # user, by
people_import_confirmed = Signal()  # people_import, by
# An identity provider says for which company (its SIREN) the person signs in: `session` may be told the role to act in.
company_vouched = Signal()  # user, siren, session
