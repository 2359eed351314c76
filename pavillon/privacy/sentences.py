"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

tell(
    {
        "privacy.consent_given": _("Consent given"),
        "privacy.consent_refused": _("Consent refused"),
        "privacy.consent_withdrawn": _("Consent withdrawn"),
        "privacy.purpose_published": _("Purpose published"),
    }
)
