"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "vigilance.incident_opened": _("Unusual event noticed"),
        "vigilance.incident_raised": _("Unusual event goes on: refused from now on"),
        "vigilance.incident_looked_at": _("Incident taken in hand"),
        "vigilance.incident_closed": _("Incident closed"),
        "vigilance.suspension_lifted": _("Suspension lifted"),
        "vigilance.rule_created": _("Rule of unusual events written"),
        "vigilance.rule_changed": _("Rule of unusual events changed"),
        "vigilance.rule_rehearsed": _("Dry run of a rule asked for"),
        "vigilance.rehearsal_done": _("Dry run of a rule done"),
        "vigilance.person_exempted": _("Person exempted from rules"),
        "vigilance.exemption_ended": _("Exemption ended"),
        "vigilance.limit_changed": _("Reading limit changed"),
        "vigilance.limit_ended": _("Reading limit ended"),
        "vigilance.extension_asked": _("More reading asked for"),
        "vigilance.extension_granted": _("More reading granted"),
        "vigilance.extension_refused": _("More reading refused"),
        "vigilance.rows_refused": _("Answer not shown: beyond the reading budget"),
        "vigilance.habits_kept": _("Habits of reading counted"),
    }
)
