"""Kinds of notification."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("vigilance.incident", _("An unusual event, or a wish to read more"), "team")
register_kind("vigilance.budget_near", _("My reading budget"), "team")
register_kind("vigilance.my_account", _("My account and security"), "team")
