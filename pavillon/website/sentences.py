"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "website.portal_made": _("Portal created"),
        "website.editor_changed": _("Editing rights changed"),
        "website.foundations_laid": _("Sites created"),
        "website.message_left": _("Message left on the site"),
        "website.page_edited": _("Page edited"),
        "website.item_added": _("Picture, document or setting added"),
        "website.item_changed": _("Picture, document or setting changed"),
        "website.item_deleted": _("Deleted in the editor"),
        "website.page_published": _("Page published"),
        "website.page_unpublished": _("Page taken offline"),
    }
)
