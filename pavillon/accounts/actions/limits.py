"""How often something was tried, counted in the database for all processes together."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from pavillon.accounts.models import Attempts, SignInGuard
from pavillon.accounts.models.sign_in import attempts_key
from pavillon.ui.limits import Rate


def spend_attempt(*, what: str, who: str, rate: Rate) -> timedelta | None:
    """Count one more try of `who` at `what`; None when it is within the rate, else how long to wait.

    One statement decides, so tries at the same moment are all counted. A refused try costs nothing: who goes on
    sending is let in again at the same time as who waits.
    """
    key, now = attempts_key(what, who), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_attempts AS known (key, paid_until) VALUES (%(key)s, %(first)s)"
            " ON CONFLICT (key) DO UPDATE"
            " SET paid_until = greatest(known.paid_until, %(now)s) + make_interval(secs => %(seconds)s)"
            " WHERE greatest(known.paid_until, %(now)s) <= %(latest)s RETURNING 1",
            {
                "key": key,
                "now": now,
                "first": now + rate.step,
                "latest": now + rate.window - rate.step,
                "seconds": rate.step.total_seconds(),
            },
        )
        if cursor.fetchone():
            return None
    paid_until: datetime = Attempts.objects.filter(key=key).values_list("paid_until", flat=True).first() or now
    return max(paid_until + rate.step - rate.window - now, timedelta(seconds=1))


def forget_attempts() -> int:
    """Drop the counts that hold nobody back any more, and old failures of addresses. Returns how many counts."""
    now = timezone.now()
    SignInGuard.objects.filter(first_failed_at__lt=now - timedelta(days=2)).exclude(suspended_until__gt=now).delete()
    return Attempts.objects.filter(paid_until__lt=now).delete()[0]
