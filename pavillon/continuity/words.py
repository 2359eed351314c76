"""Lengths of time in words."""

from django.utils.translation import gettext as _


def in_words(ms: int) -> str:
    """43 min 12 s; 2 h 5 min; 12 s. A started second or minute counts whole: downtime is never made smaller."""
    seconds = -(-ms // 1000)
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    if seconds < 3600:
        return _("%(m)s min %(s)s s") % {"m": seconds // 60, "s": seconds % 60}
    minutes = -(-seconds // 60)
    if minutes < 1440:
        return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}
    hours = -(-minutes // 60)
    return _("%(d)s d %(h)s h") % {"d": hours // 24, "h": hours % 24}
