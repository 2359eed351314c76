"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "federation.site_created": _("Site of a partner registered"),
        "federation.site_changed": _("Site of a partner changed"),
        "federation.site_deleted": _("Site of a partner taken away"),
        "federation.secret_renewed": _("Secret of a site renewed"),
        "federation.site_allowed": _("Data given to a site, with agreement"),
        "federation.site_entered": _("Signed in at a partner’s site"),
        "federation.site_left": _("Signed out at a partner’s site"),
        "federation.access_closed": _("Access of a site closed"),
        "federation.site_told": _("Site told that somebody signed out"),
        "federation.site_not_told": _("Site did not take the word that somebody signed out"),
        "federation.code_replayed": _("A code of sign-in was used twice"),
        "federation.signing_key_renewed": _("Key of signatures renewed"),
    }
)
