from django.utils.translation import gettext_lazy as _

from pavillon.activity import actions
from pavillon.activity.models import Entry, Notification, Preference, Thread
from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data

# The trail names people by number only; erasing the account makes its entries anonymous. Old and new values that are
# personal are sealed under the key of their record, which goes with it.
holds_no_personal_data(Entry, Thread, Preference)
holds_personal_data(
    Notification,
    fields=["title", "body"],
    keep_months=12,
    purpose=_("Tell people what concerns them"),
    erase=actions.forget_notification,
    of=lambda person: Notification.objects.filter(recipient__in=person.users),
    clock="created_at",
)
