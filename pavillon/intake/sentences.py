"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

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
        "intake.delivery_failed": _("File stopped by an error"),
    }
)
