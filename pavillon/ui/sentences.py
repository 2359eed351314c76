"""What the trail says of files that were not taken."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell({"ui.file_refused": _("A file that was sent was refused")})
