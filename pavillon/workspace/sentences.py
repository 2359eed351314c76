"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "workspace.view_changed": _("Saved view changed"),
        "workspace.view_deleted": _("Saved view deleted"),
        "workspace.view_saved": _("View saved"),
        "workspace.view_shared": _("Sharing of a saved view changed"),
        "workspace.view_used": _("Saved view pinned or chosen as default"),
    }
)
