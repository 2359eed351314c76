"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "agenda.absence_planned": _("Absence planned"),
        "agenda.calendar_imported": _("Calendar file taken over"),
        "agenda.calendar_subscribed": _("Other calendar subscribed"),
        "agenda.calendar_unsubscribed": _("Other calendar no longer read"),
        "agenda.day_planned": _("Next day planned"),
        "agenda.entry_changed": _("Entry of the agenda changed"),
        "agenda.entry_created": _("Entry of the agenda written"),
        "agenda.entry_deleted": _("Entry of the agenda deleted"),
        "agenda.entry_finished": _("Entry of the agenda done"),
        "agenda.entry_reopened": _("Entry of the agenda to be done again"),
        "agenda.interruption_began": _("Interruption began"),
        "agenda.interruption_ended": _("Interruption over"),
        "agenda.interruption_logged": _("Interruption noted"),
        "agenda.invitation_answered": _("Invitation answered"),
        "agenda.invitation_sent": _("Invitation sent"),
        "agenda.invitation_taken": _("Invitation taken over from a mail"),
        "agenda.invitation_withdrawn": _("Meeting cancelled by its organizer’s mail"),
        "agenda.key_created": _("Key of the agenda created"),
        "agenda.key_revoked": _("Key of the agenda revoked"),
        "agenda.key_used": _("Key of the agenda used"),
        "agenda.message_written": _("Message of a meeting written"),
        "agenda.password_refused": _("Calendar’s password refused"),
        "agenda.participant_invited": _("Participant invited"),
        "agenda.participant_removed": _("Participant removed"),
        "agenda.real_time_noted": _("Real time noted"),
        "agenda.series_created": _("Repeated entry written"),
        "agenda.series_deleted": _("Repeated entry ended"),
        "agenda.series_extended": _("Repeated entry written out further"),
        "agenda.subscription_failed": _("Other calendar could not be read"),
        "agenda.subscription_read": _("Other calendar read again"),
        "agenda.template_applied": _("Typical week applied"),
        "agenda.template_changed": _("Typical week changed"),
        "agenda.template_reset": _("Own typical week given up"),
        "agenda.work_started": _("Work started"),
        "agenda.work_stopped": _("Work stopped"),
    }
)
