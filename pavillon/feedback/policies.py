"""Kinds of notification, and what of a remark the privilege matrix decides."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("feedback.answered", _("What becomes of my feedback"), "")
register_kind("feedback.received", _("Feedback of users"), "team")
