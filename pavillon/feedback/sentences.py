"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "feedback.decision_published": _("Decision published"),
        "feedback.decision_supported": _("Published wish supported, or no longer"),
        "feedback.feedback_decided": _("Feedback answered or moved"),
        "feedback.feedback_joined": _("Feedback joined to another one"),
        "feedback.feedback_parted": _("Feedback stands by itself again"),
        "feedback.feedback_sent": _("Feedback sent"),
    }
)
