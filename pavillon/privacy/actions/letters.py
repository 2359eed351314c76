"""Letters about personal data: written with the act that they tell, sent by a job after the commit."""

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.privacy.models import Letter


def write_letter(*, to: str, language: str, subject: object, body: object, by: User | None = None) -> Letter:
    """Write to a person in her language; `subject` and `body` may be lazy translations."""
    with translation.override(language), transaction.atomic():
        letter = Letter.objects.create(
            to=to, language=language, subject=" ".join(str(subject).split())[:200], body=str(body)
        )
        record("privacy.letter_written", letter, by=by, subject=letter.subject)
        app.configure_task("privacy.send_letter").defer(letter_id=letter.pk)
    return letter


@transaction.atomic
def send_letter(*, letter: Letter) -> None:
    """Send a letter once. Raises whatever the mail server refuses: its job tries again."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.sent_at is not None or not letter.to:
        return
    EmailMessage(subject=letter.subject, body=letter.body, to=[letter.to]).send()
    letter.sent_at = timezone.now()
    letter.save(update_fields=["sent_at"])
    record("privacy.letter_sent", letter, by=None, subject=letter.subject)


@transaction.atomic
def forget_letter(letter: Letter) -> None:
    """Keep that something was written, lose to whom and what."""
    letter.to, letter.body = "", ""
    letter.save(update_fields=["to", "to_index", "body"])
