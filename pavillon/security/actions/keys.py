"""Data keys: new ones take over, old ones still open what they closed."""

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.core.trail import record
from pavillon.security import keys
from pavillon.security.enums import Purpose
from pavillon.security.master import source
from pavillon.security.models import DataKey


class IndexKeyCannotRotate(Exception):
    """Every digest of a search column would have to be computed again: that is a migration, not a rotation."""


@transaction.atomic
def rotate_data_key(*, purpose: Purpose, by: User | None, reason: str) -> DataKey:
    """Give new data of one purpose a new key; what older keys closed stays readable.

    Other processes notice within `KEY_RECHECK_SECONDS`, or at the first value under the new key.
    Raises IndexKeyCannotRotate for the search digests.
    """
    if purpose == Purpose.INDEX:
        raise IndexKeyCannotRotate
    keys.keyring.ring(purpose)  # the very first key, if nothing was ever encrypted
    last = DataKey.objects.select_for_update().filter(purpose=purpose).latest("generation")
    master, generation = source().wrapping(), last.generation + 1
    handle = keys.unwrap(bytes(last.wrapped), purpose, last.generation, master)
    wrapped = keys.wrap(keys.with_new_primary(handle, purpose), purpose, generation, master)
    key = DataKey.objects.create(purpose=purpose, generation=generation, wrapped=wrapped, created_by=by, reason=reason)
    record("security.data_key_rotated", key, by=by, purpose=purpose, generation=generation, reason=reason)
    transaction.on_commit(keys.keyring.forget)
    return key
