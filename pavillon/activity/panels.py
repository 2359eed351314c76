from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry

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
