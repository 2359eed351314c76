"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "curation.batch_rehearsed": _("Batch of merges rehearsed"),
        "curation.batch_run": _("Batch of merges run"),
        "curation.batch_undone": _("Batch of merges undone"),
        "curation.contact_decision_undone": _("Decision on two records of a person taken back"),
        "curation.contact_pair_decided": _("Two records of a person decided"),
        "curation.decision_undone": _("Decision on a likely duplicate taken back"),
        "curation.pair_decided": _("Likely duplicate decided"),
        "curation.people_reminded": _("People reminded to update the base"),
        "curation.scan_finished": _("Search for duplicates finished"),
        "curation.thresholds_changed": _("Thresholds of matching changed"),
    }
)
