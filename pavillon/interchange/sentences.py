"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

tell(
    {
        "interchange.key_created": _("API key created"),
        "interchange.key_revoked": _("API key revoked"),
    }
)
