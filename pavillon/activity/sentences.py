"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "activity.preferences_changed": _("Notification preferences changed"),
    }
)
