from django.utils.translation import gettext_lazy as _

from pavillon.activity.kinds import register_kind

register_kind("intake.delivery_done", _("A file that you brought was worked off"), "team")
