"""The companies that somebody needs on the way, where no network may be."""

import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.agenda.models import Entry
from pavillon.crm.models import Interaction, Referent
from pavillon.directory.models import Company

RECENT, SOON = datetime.timedelta(days=90), datetime.timedelta(days=8)
AT_MOST = 200


def companies_at_hand(user: User) -> QuerySet[Company]:
    """Those that the person answers for, has dealt with or met in the last 90 days, or meets in the next week.

    200 at most, those that one is about to meet before the others, and by name. Whom one visits for the first time is
    among them: of that visit one reports.

    The list stays on the device: a sensitive company is never in it (ledger SEC-16).
    """
    answered = Referent.objects.current().filter(adviser=user).order_by().values("company")
    now = timezone.now()
    dealt = Interaction.objects.filter(author=user, happened_at__gte=now - RECENT)
    met = Entry.objects.of(user).between(now - RECENT, now + SOON).filter(company__isnull=False)
    coming = Entry.objects.of(user).between(now - SOON, now + SOON).filter(company=OuterRef("pk"))
    mine = Company.objects.visible_to(user).standing().filter(is_sensitive=False)
    # One list of keys: conditions joined by OR would read the whole base.
    keys = answered.union(*(rows.order_by().values("company") for rows in (dealt, met)))
    return mine.filter(pk__in=keys).order_by(Exists(coming).desc(), "name", "pk")[:AT_MOST]
