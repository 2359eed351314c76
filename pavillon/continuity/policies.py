"""Kinds of notification."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("continuity.incident", _("An incident of the platform"), "team")
