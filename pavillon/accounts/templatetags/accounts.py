"""Filters of this room: `{% load accounts %}`."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.accounts.permissions import second_factor_is_required

register = template.Library()

# The first that matches wins: Edge and Opera also call themselves Chrome, Chrome also calls itself Safari.
_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
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
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}\w*/", user_agent)), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if not browser and not system:
        return user_agent[:60] or _("Unknown device")
    return ", ".join(filter(None, [browser or _("Other browser"), system]))


@register.filter
def second_factor_rule(user: Any) -> str:
    """ "demanded" for a role that opens nothing without one, "waived" where this installation lets it pass, else ""."""
    if not isinstance(user, User) or not user.needs_second_factor:
        return ""
    return "demanded" if second_factor_is_required(user) else "waived"
