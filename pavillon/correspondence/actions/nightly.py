"""What the night does for copied mail: meetings that took place are counted."""

import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation

from pavillon.agenda.models import Entry
from pavillon.agenda.queries.scheduling import REQUEST
from pavillon.core.wall import house
from pavillon.correspondence.actions.sorting import count_meeting
from pavillon.correspondence.enums import MailState
from pavillon.correspondence.models import CopiedMail
from pavillon.correspondence.queries.addresses import in_role, roles_of_owner

# One night looks back so far, and does so many.
SINCE, MOST = datetime.timedelta(days=60), 500


@house()
def count_meetings() -> int:
    """Meetings of filed invitations that took place meanwhile. How many.

    One that fails holds no other back; what failed is raised at the end, all together.
    """
    counted, failures = 0, list[Exception]()
    for number in list(_to_count()[:MOST]):
        try:
            counted += _count(number)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"meetings that could not be counted, beside {counted} that were", failures)
    return counted


def _to_count() -> QuerySet[CopiedMail, int]:
    """Numbers of the mails whose meeting took place: those alone that can be counted, or they would starve others."""
    now = timezone.now()
    held = Entry.objects.filter(
        owner=OuterRef("owner"), uid=OuterRef("calendar_uid"), subscription__isnull=True,
        ends_at__lte=now, ends_at__gt=now - SINCE,
    )  # fmt: skip
    rows = CopiedMail.objects.filter(
        state=MailState.FILED, calendar_method=REQUEST, calendar_problem="", meeting__isnull=True,
        interaction__isnull=False, company__isnull=False, owner__is_active=True,
    ).exclude(calendar_uid="")  # fmt: skip
    same = CopiedMail.objects.filter(
        owner=OuterRef("owner"), calendar_uid=OuterRef("calendar_uid"), calendar_problem="",
        calendar_method=REQUEST, meeting__isnull=False,
    )  # fmt: skip
    # Who left the role in which he copied it logs nothing there any more.
    rows = rows.filter(Exists(held), Exists(roles_of_owner())).exclude(Exists(same))
    return rows.order_by("pk").values_list("pk", flat=True)


def _count(number: int) -> bool:
    mail = CopiedMail.objects.select_related("owner", "organisation").filter(pk=number).first()
    if mail is None or not in_role(mail.owner, mail.organisation):
        return False
    with translation.override(mail.owner.language), timezone.override(mail.owner.time_zone):
        return count_meeting(mail=mail, by=mail.owner) is not None
