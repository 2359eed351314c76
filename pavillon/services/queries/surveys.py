"""Which surveys are due, and the one behind a link."""

import datetime

from django.core import signing
from django.db.models import QuerySet

from pavillon.core.wall import house
from pavillon.services.models import SIGNER, Survey, SurveySettings

# Letters of one morning; what is left goes the next.
MOST = 5000


def present_settings() -> SurveySettings:
    """The figures of surveys; those of the model as long as nobody stored others."""
    return SurveySettings.objects.filter(pk=1).first() or SurveySettings(pk=1)


def to_send(day: datetime.date) -> QuerySet[Survey]:
    """Those whose day has come. Of nobody who may be asked, it is tried again as long as a link would be open.

    Those last: however many they are, they keep nobody else's letter back.
    """
    since = day - datetime.timedelta(days=present_settings().open_days)
    return Survey.objects.filter(sent_at__isnull=True, send_on__range=(since, day)).order_by(
        "unasked", "send_on", "pk"
    )[:MOST]


def to_remind(day: datetime.date) -> QuerySet[Survey]:
    """Those that were sent long enough ago, are open, and were never reminded."""
    until = day - datetime.timedelta(days=present_settings().reminder_days)
    rows = Survey.objects.unanswered().filter(reminded_at__isnull=True, closes_on__gte=day, sent_at__date__lte=until)
    return rows.order_by("sent_at", "pk")[:MOST]


@house()
def survey_by(link: str) -> Survey | None:
    """The survey that a link opens, as far as it was sent."""
    try:
        number = SIGNER.unsign(link)
    except signing.BadSignature:
        return None
    rows = Survey.objects.filter(sent_at__isnull=False).select_related(
        "order__service", "order__company__organisation", "order__provider", "order__deliverer"
    )
    return rows.filter(pk=number).first() if number.isdecimal() else None
