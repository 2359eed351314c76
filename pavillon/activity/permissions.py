from django.conf import settings

from pavillon.accounts.models import User
from pavillon.activity.models import Notification
from pavillon.core.permissions import permission


@permission("activity.read_notifications")
def read_notifications(user: User, notification: Notification | None) -> bool:
    return notification is None or notification.recipient_id == user.pk


@permission("activity.change_preferences")
def change_preferences(user: User, subject: None) -> bool:
    return True


def demo_mailbox_is_open() -> bool:
    """Only a demonstration shows everybody's mail: its people are invented."""
    return bool(settings.DEMO)
