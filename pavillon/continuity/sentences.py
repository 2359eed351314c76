"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "continuity.incident_opened": _("Incident of the platform opened"),
        "continuity.incident_closed": _("Incident of the platform closed"),
        "continuity.backup_made": _("Backup made"),
        "continuity.restore_tested": _("Restore tested"),
        "continuity.platform_restored": _("Platform put back from a backup"),
        "continuity.platform_taken_over": _("Second site took over"),
        "continuity.platform_renewed": _("New version served, without a stop"),
        "continuity.work_announced": _("Work announced on the status page"),
        "continuity.work_cancelled": _("Announced work cancelled"),
        "continuity.certificate_kept": _("Certificate kept in the register"),
        "continuity.certificate_removed": _("Certificate taken out of the register"),
        "continuity.self_tested": _("Installation tested itself"),
    }
)
