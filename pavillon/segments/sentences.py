"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "segments.segment_created": _("Segment created"),
        "segments.segment_changed": _("Segment changed"),
        "segments.segment_deleted": _("Segment deleted"),
        "segments.companies_tagged": _("Tag put on companies"),
        "segments.companies_targeted": _("Companies put in a target list"),
        "segments.bulk_undone": _("Bulk action undone"),
        "segments.target_list_created": _("Target list created"),
        "segments.target_list_published": _("Target list given to advisers"),
        "segments.target_size_changed": _("Target size changed"),
        "segments.export_granted": _("Export granted"),
        "segments.export_blocked": _("Export blocked"),
        "segments.export_requested": _("Approval of an export asked for"),
        "segments.export_approved": _("Export approved"),
        "segments.export_refused": _("Export refused"),
        "segments.export_cancelled": _("Export cancelled"),
        "segments.export_written": _("Export written"),
        "segments.export_failed": _("Export not written: the role had ended"),
        "segments.export_downloaded": _("Export downloaded"),
        "segments.exports_expired": _("Exports deleted after their time"),
        "segments.export_limit_changed": _("Export limits changed"),
    }
)
