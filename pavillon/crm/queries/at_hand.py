"""The companies that somebody needs on the way, where no network may be."""

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.models import Interaction, Referent
from pavillon.directory.models import Company

RECENT = datetime.timedelta(days=90)
AT_MOST = 200


def companies_at_hand(user: User) -> QuerySet[Company]:
    """Those that the person answers for or has dealt with in the last 90 days, by name, 200 at most.

    The list stays on the device: a sensitive company is never in it (ledger SEC-16).
    """
    answered = Referent.objects.current().filter(adviser=user).order_by().values("company")
    dealt = Interaction.objects.filter(author=user, happened_at__gte=timezone.now() - RECENT)
    mine = Company.objects.visible_to(user).standing().filter(is_sensitive=False)
    # One list of keys: two conditions joined by OR would read the whole base.
    keys = answered.union(dealt.order_by().values("company"))
    return mine.filter(pk__in=keys).order_by("name", "pk")[:AT_MOST]
