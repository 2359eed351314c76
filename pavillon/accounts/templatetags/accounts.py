"""Filters of this room: `{% load accounts %}`."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.accounts.queries import browser_family, factor_due, is_asked_for_factor, recovery_codes_of

register = template.Library()

_SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


@register.filter
def device(user_agent: str) -> str:
    """A browser in words: "Firefox, Windows" rather than its user agent."""
    browser = browser_family(user_agent)
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if not browser and not system:
        return user_agent[:60] or _("Unknown device")
    return ", ".join(filter(None, [browser or _("Other browser"), system]))


@register.filter
def second_factor_rule(user: Any) -> str:
    """ "waived" where this installation lets the team's people pass without one, "demanded" for who opens nothing any
    more without one, "grace" for who has days left, "" for who has one, or of whom none is asked."""
    if not isinstance(user, User) or not (user.is_team or is_asked_for_factor(user)):
        return ""
    if not is_asked_for_factor(user):
        return "waived"
    due = factor_due(user)
    return "" if due is None else "grace" if due > timezone.now() else "demanded"


@register.filter
def recovery_codes_left(user: User) -> int:
    return recovery_codes_of(user)


@register.simple_tag(takes_context=True)
def session_limits(context: Any) -> dict[str, str]:
    """How long a session of the reader lasts, in words: without use (`idle`) and in any case (`longest`)."""
    officer = "OFFICERS_" if context["request"].user.needs_second_factor else ""
    return {
        "idle": _length(getattr(settings, f"{officer}SESSION_IDLE")),
        "longest": _length(getattr(settings, f"{officer}SESSION_LONGEST")),
    }


def _length(seconds: int) -> str:
    hours = seconds // 3600
    if hours % 24 == 0:
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
