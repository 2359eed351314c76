"""Letters and imports leave here, after the commit."""

import base64
import json
from datetime import datetime

from django.core.mail import EmailMessage
from procrastinate import JobContext
from procrastinate.contrib.django import app

from pavillon.accounts import actions
from pavillon.accounts.adapters import WAITING_LETTER
from pavillon.accounts.models import Membership, PeopleImport, User
from pavillon.core.encryption import cipher
from pavillon.core.tasks import PATIENTLY


def _number(context: JobContext | None) -> int | None:
    """The number of the job at work, by which a letter is sent once."""
    return context.job.id if context else None


@app.task(name="accounts.send_invitation", queue="mail", retry=PATIENTLY, pass_context=True)
def send_invitation(context: JobContext | None = None, *, user_id: int, by_id: int | None) -> None:
    """Sends nothing when the account was used or closed meanwhile."""
    actions.send_invitation_letter(
        user=User.objects.get(pk=user_id),
        by=User.objects.filter(pk=by_id).first() if by_id else None,
        job=_number(context),
    )


@app.task(name="accounts.send_suspension", queue="mail", retry=PATIENTLY, pass_context=True)
def send_suspension(context: JobContext | None = None, *, user_id: int) -> None:
    actions.send_suspension_letter(user=User.objects.get(pk=user_id), job=_number(context))


@app.task(name="accounts.send_password_lock", queue="mail", retry=PATIENTLY, pass_context=True)
def send_password_lock(context: JobContext | None = None, *, user_id: int, until: str) -> None:
    actions.send_lock_letter(
        user=User.objects.get(pk=user_id), until=datetime.fromisoformat(until), job=_number(context)
    )


@app.periodic(cron="53 * * * *")
@app.task(name="accounts.hash_recovery_codes", queueing_lock="accounts.hash_recovery_codes")
def hash_recovery_codes(timestamp: int) -> None:
    """Codes of before that can still be read become digests."""
    actions.hash_old_recovery_codes()


@app.task(name="accounts.send_factors_removed", queue="mail", retry=PATIENTLY, pass_context=True)
def send_factors_removed(context: JobContext | None = None, *, user_id: int, by_id: int) -> None:
    actions.send_factors_removed_letter(
        user=User.objects.get(pk=user_id), by=User.objects.get(pk=by_id), job=_number(context)
    )


@app.task(name="accounts.send_membership", queue="mail", retry=PATIENTLY, pass_context=True)
def send_membership(context: JobContext | None = None, *, membership_id: int) -> None:
    actions.send_membership_letter(
        membership=Membership.objects.select_related("user", "organisation").get(pk=membership_id),
        job=_number(context),
    )


@app.task(name="accounts.send_waiting_letter", queue="mail", retry=PATIENTLY)
def send_waiting_letter(sealed: str) -> None:
    """A letter of the entrance that met no mail server; see `AccountAdapter.send_mail`."""
    subject, body, to = json.loads(cipher().decrypt(base64.b64decode(sealed), WAITING_LETTER))
    EmailMessage(subject=subject, body=body, to=to).send()


@app.task(name="accounts.end_left_sessions", queue="default", retry=3)
def end_left_sessions() -> None:
    actions.end_left_sessions()


@app.periodic(cron="41 * * * *")
@app.task(name="accounts.forget_attempts", queueing_lock="accounts.forget_attempts")
def forget_attempts(timestamp: int) -> None:
    actions.forget_attempts()


@app.task(name="accounts.run_people_import", queue="default", retry=3)
def run_people_import(import_id: int) -> None:
    """Goes on where an interrupted run stopped."""
    actions.run_people_import(people_import=PeopleImport.objects.get(pk=import_id))
