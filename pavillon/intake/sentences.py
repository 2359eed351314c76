"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "intake.delivery_brought": _("File brought"),
        "intake.delivery_reread": _("File read in another way"),
        "intake.delivery_mapped": _("Columns of the file named"),
        "intake.delivery_rehearsed": _("File rehearsed"),
        "intake.row_decided": _("Doubtful row decided"),
        "intake.delivery_taking": _("Take-over of the file started"),
        "intake.delivery_taken": _("File taken over"),
        "intake.delivery_undoing": _("Undoing of the file started"),
        "intake.delivery_undone": _("File undone"),
        "intake.delivery_resumed": _("Work on the file set going again"),
        "intake.terms_set": _("Terms of the source set"),
        "intake.signals_imported": _("Signals from outside noted"),
        "intake.feed_approved": _("Legal approval of the source recorded"),
        "intake.head_offices_exported": _("Head offices exported for the zones"),
        "intake.exchange_reminded": _("Overdue exchange reminded"),
        "intake.exchange_laid": _("Line of the register of exchanges laid"),
        "intake.exchange_changed": _("Exchange of data changed"),
        "intake.interface_added": _("Public interface added"),
        "intake.interface_rated": _("Public interface rated"),
        "intake.interface_tried": _("Public interface tried"),
        "intake.delivery_failed": _("File stopped by an error"),
    }
)
