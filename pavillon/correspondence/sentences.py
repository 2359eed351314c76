"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "correspondence.address_made": _("Address for copied mail made"),
        "correspondence.address_revoked": _("Address for copied mail revoked"),
        "correspondence.calendar_accepted": _("New version of an invitation taken over by its owner"),
        "correspondence.files_deleted": _("Files of copied mail without a mail deleted after four weeks"),
        "correspondence.files_returned": _("Files of copied mail put back: their mail is there again"),
        "correspondence.files_swept": _("Files of copied mail without a mail put aside for four weeks"),
        "correspondence.mail_discarded": _("Copied mail thrown away"),
        "correspondence.mail_filed": _("Copied mail filed with a company"),
        "correspondence.mail_received": _("Copied mail received"),
        "correspondence.mail_refiled": _("Copied mail filed with another company"),
        "correspondence.mail_refused": _("Copied mail refused"),
        "correspondence.meeting_counted": _("Meeting of a copied invitation counted as an exchange"),
        "correspondence.sweep_refused": _("Too many files of copied mail without a mail: nothing was swept away"),
    }
)
