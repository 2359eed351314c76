"""What rooms below announce: rows that are shown, sign-ins, refusals."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy

from pavillon.accounts.events import sign_in_failed, signed_in
from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.security.events import access_refused, reading_noted, record_missed, shipping_failed
from pavillon.vigilance import actions
from pavillon.vigilance.actions.incidents import officers
from pavillon.vigilance.enums import Kind
from pavillon.vigilance.tally import column_of, current, is_reserved


@receiver(reading_noted)
def count_what_is_read(user: User, how: str, rows: int, is_new: bool, line: int | None = None, **event: Any) -> None:
    """In a request, gathered until its end (`middleware`); in a job, counted when its transaction ends.

    A long transaction must not hold the lock of a person who meanwhile opens pages, and nobody could be refused.
    """
    if is_reserved() or not rows:
        return
    tally = current()
    if tally is not None:
        tally.add(user, how, rows, is_new=is_new, line=line)
    elif is_new:
        told: dict[str, Any] = {column_of(how, rows): rows}
        transaction.on_commit(lambda: actions.spend_rows(user=user, may_refuse=False, **told))


@receiver(sign_in_failed)
def a_sign_in_failed(user: User | None, email: str, **event: Any) -> None:
    """The lock goes by the address, whether somebody has it or not; the incident is about who has it."""
    actions.lock_what_fails(email=email)
    if user is not None:
        actions.judge_event(kinds=[Kind.FAILED_SIGN_INS], user=user)


@receiver(signed_in)
def somebody_signed_in(user: User, country: str, **event: Any) -> None:
    if country:
        actions.judge_event(kinds=[Kind.NEW_COUNTRY, Kind.IMPOSSIBLE_TRAVEL], user=user)


@receiver(shipping_failed)
def lines_do_not_leave(log: str, place: str, reason: str, **event: Any) -> None:
    """Log lines that stay on the machine are proofs that its taker could unwrite: the officers hear of the first."""
    notify(
        officers(),
        "vigilance.incident",
        title=gettext_lazy("Log lines do not reach the collector"),
        body=f"{log}, {place}: {reason}",
        url=reverse("continuity:today"),
    )


@receiver([access_refused, record_missed])
def somebody_was_refused(user: User, **event: Any) -> None:
    actions.judge_event(kinds=[Kind.ENUMERATION], user=user)
