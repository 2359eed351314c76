"""Mail leaves here, after the commit."""

from procrastinate.contrib.django import app

from pavillon.activity import actions
from pavillon.activity.models import Notification


@app.task(name="activity.send_notification", queue="mail", retry=5)
def send_notification(notification_id: int) -> None:
    actions.send_notification(Notification.objects.select_related("recipient").get(pk=notification_id))
