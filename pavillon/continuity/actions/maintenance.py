"""Work that is announced before it is done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.continuity.models import Maintenance


@transaction.atomic
def announce_work(*, starts_at: datetime, ends_at: datetime, what_fr: str, what_en: str, by: User) -> Maintenance:
    """Show it on the status page."""
    work = Maintenance.objects.create(
        starts_at=starts_at, ends_at=ends_at, what_fr=what_fr, what_en=what_en, announced_by=by
    )
    record("continuity.work_announced", work, by=by)
    return work


@transaction.atomic
def cancel_work(*, work: Maintenance, by: User) -> Maintenance:
    """It will not take place."""
    work = Maintenance.objects.select_for_update(of=("self",)).get(pk=work.pk)
    if work.cancelled_at is None:
        work.cancelled_at = timezone.now()
        work.save(update_fields=["cancelled_at"])
        record("continuity.work_cancelled", work, by=by)
    return work
