"""Who learns that portfolios passed by a change of territories: the two advisers at once, companies by a job."""

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.crm.actions.telling import MY_REQUESTS, people_of_company, said_day
from pavillon.crm.actions.telling_followers import follow_referent
from pavillon.crm.models import Follow, Referent, TerritoryChange

# Companies told in one transaction of the job.
BATCH = 200
GAINED = _("Companies that join your portfolio on {day}: {n}")
LOST = _("Companies that leave your portfolio on {day}: {n}")


def tell_portfolios(change: TerritoryChange) -> None:
    """One message to each adviser who gains or loses companies; companies and followers are told by a job."""
    for column, said in (("to_adviser", GAINED), ("from_adviser", LOST)):
        rows = change.moves.exclude(**{column: None}).order_by().values_list(column).annotate(n=Count("pk"))
        counts = dict(rows)
        for person in User.objects.filter(pk__in=counts).exclude(pk=change.decided_by_id or 0):
            notify(
                [person],
                "crm.referent_changed",
                title=format_lazy(said, day=said_day(change.starts_on), n=counts[person.pk]),
                body=change.reason,
                url=change.get_absolute_url(),
            )
    app.configure_task("crm.tell_companies_of_change").defer(change_id=change.pk)


def tell_companies_of_change(*, change: TerritoryChange) -> int:
    """Tell the companies that have an account who answers for them now, and those who follow any of them.

    A batch is told and marked in one transaction, so that a job which begins anew goes on where it stalled. How many.
    """
    concerned = Q(company__organisation__isnull=False) | Q(company__in=Follow.objects.values("company"))
    rows = change.moves.filter(concerned, after__isnull=False).order_by("pk").values_list("pk", flat=True)
    numbers, told = list(rows), 0
    for start in range(0, len(numbers), BATCH):
        with transaction.atomic():
            waiting = change.moves.select_for_update(of=("self",)).filter(told_at=None, after__isnull=False)
            moves = list(waiting.filter(pk__in=numbers[start : start + BATCH]).order_by("pk"))
            referents = Referent.objects.filter(pk__in=[move.after_id for move in moves])
            for referent in referents.select_related("company", "adviser", "organisation").order_by("pk"):
                _tell_company(referent)
                follow_referent(referent, change.decided_by)
            change.moves.filter(pk__in=[move.pk for move in moves]).update(told_at=timezone.now())
            told += len(moves)
    return told


def _tell_company(referent: Referent) -> None:
    values = {
        "adviser": referent.adviser.full_name,
        "day": said_day(referent.starts_on),
        "organisation": referent.organisation.name,
    }
    notify(
        people_of_company(referent.company),
        "crm.referent_changed",
        title=format_lazy(_("Your export referent: {adviser}"), **values),
        body=format_lazy(_("{adviser} ({organisation}) answers for all your export questions from {day}."), **values),
        url=reverse(MY_REQUESTS),
    )
