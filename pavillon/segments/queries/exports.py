"""How much may leave, how much left."""

from datetime import timedelta

from django.db.models import F, Q, Sum
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.security.models import Reading
from pavillon.segments.enums import ExportState
from pavillon.segments.models import ExportFile, ExportLimit


def limit_in_force() -> ExportLimit:
    """The limits that hold now; those of the product until somebody decides."""
    return ExportLimit.objects.first() or ExportLimit()


def rows_this_hour(user: User) -> int:
    """Rows that this person took out within the last hour, from whatever list, or is about to.

    The read log knows every file of the product. Files that security approved do not count.
    """
    since = timezone.now() - timedelta(hours=1)
    read = Reading.objects.filter(user=user, how="export", read_at__gte=since).aggregate(n=Sum("rows"))["n"] or 0
    files = ExportFile.objects.filter(author=user, granted_at__gte=since).aggregate(
        coming=Sum(
            F("rows") - F("written"),
            filter=Q(state__in=[ExportState.QUEUED, ExportState.WRITING], decided_by__isnull=True),
        ),
        approved=Sum("written", filter=Q(decided_by__isnull=False)),
    )
    return max(0, int(read) + int(files["coming"] or 0) - int(files["approved"] or 0))
