"""The secret address of an adviser is made, and made anew."""

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.wall import house
from pavillon.correspondence.models import CopyAddress


@transaction.atomic
@house()
def renew_copy_address(*, by: User) -> CopyAddress:
    """A new address, for oneself and for all records; the former one takes nothing from now on."""
    mine = CopyAddress.objects.select_for_update().valid().filter(owner=by, organisation=by.organisation)
    former = mine.first()
    if former is not None:
        former.revoked_at = timezone.now()
        former.save(update_fields=["revoked_at"])
        record("correspondence.address_revoked", former, by=by)
    assert by.organisation is not None
    made = CopyAddress.objects.create(owner=by, organisation=by.organisation)
    record("correspondence.address_made", made, by=by)
    return made
