"""What the room tells people."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("interchange.accounts", _("Accounts that a partner’s system opens and closes"), "team")
