"""Mail leaves here, after the commit."""

from procrastinate.contrib.django import app

from pavillon.activity import actions
from pavillon.activity.models import Notification
from pavillon.core.tasks import PATIENTLY


@app.task(name="activity.send_notification", queue="mail", retry=PATIENTLY)
def send_notification(notification_id: int) -> None:
    notification = Notification.objects.filter(pk=notification_id).first()
    # What was removed in between has nothing more to say.
    if notification is not None:
        actions.send_notification(notification)
