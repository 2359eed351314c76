"""The room's kinds of notification."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

for _code, _label in {
    "agenda.invited": _("A colleague invites me to a meeting"),
    "agenda.answered": _("An answer to my invitation"),
    "agenda.talk_lost": _("A week that loses its one-to-one"),
    "agenda.message": _("A message of a meeting that I take part in"),
}.items():
    register_kind(_code, _label, "team")
