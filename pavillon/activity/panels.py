from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pavillon.activity.models import Notification
from pavillon.ui import frame
from pavillon.ui.menu import add_entry

frame.need(
    "ui.bell",
    permission="activity.read_notifications",
    rows=lambda user: Notification.objects.visible_to(user).unread().order_by(),
)
add_entry(
    area="account",
    label=_("Notification preferences"),
    url_name="activity:change_preferences",
    permission="activity.change_preferences",
    icon="bell",
    order=50,
)
if settings.DEMO:
    add_entry(
        area="account",
        label=_("Demo mailbox"),
        url_name="activity:demo_mailbox",
        permission="public",
        icon="mail",
        order=90,
    )
