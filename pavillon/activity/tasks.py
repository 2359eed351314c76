"""Mail leaves here, after the commit, once."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.activity.models import Notification


@app.task(name="activity.send_notification", queue="mail", retry=5)
def send_notification(notification_id: int) -> None:
    """Send one notification by e-mail; a second run of the same job sends nothing."""
    notification = Notification.objects.select_related("recipient").get(pk=notification_id)
    if notification.email_state == "sent":
        return
    link = f"\n\n{settings.BASE_URL}{notification.url}" if notification.url else ""
    message = EmailMessage(
        subject=notification.title, body=f"{notification.body}{link}", to=[notification.recipient.email]
    )
    notification.email_attempts += 1
    try:
        message.send()
    except OSError as error:
        notification.email_state, notification.email_error = "failed", str(error)[:300]
        notification.save(update_fields=["email_state", "email_error", "email_attempts"])
        raise
    notification.email_state, notification.email_sent_at = "sent", timezone.now()
    notification.email_error = ""
    notification.save(update_fields=["email_state", "email_sent_at", "email_attempts", "email_error"])
