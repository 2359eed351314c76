"""The room's kinds of notification."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("correspondence.waiting", _("A mail that I copied waits to be sorted"), "team")
register_kind("correspondence.filed", _("Mail that waited was filed by itself"), "team")
