"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "interchange.person_provisioned": _("Account brought by a partner’s system"),
        "interchange.person_changed": _("Account changed by a partner’s system"),
        "interchange.person_removed": _("Account let go by a partner’s system"),
        "interchange.administrator_reopened": _("Administrator came back by a partner’s system, without that role"),
        "interchange.key_created": _("API key created"),
        "interchange.key_refused": _("API key refused"),
        "interchange.key_revoked": _("API key revoked"),
    }
)
