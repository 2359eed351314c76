"""Lines of the menus, and the role switch under one's name."""

import math
from datetime import timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece


def draw_role_switcher(request: HttpRequest) -> str:
    """The roles to change to; nothing for whoever has one only."""
    if not isinstance(request.user, User):
        return ""
    roles = request.user.roles_today
    if len(roles) < 2:
        return ""
    context = {"roles": roles, "acting": request.user.acting.pk}
    return render_to_string("accounts/_role_switcher.html", context, request=request)


add_piece("ui.role_switcher", draw_role_switcher)


def draw_factor_banner(request: HttpRequest) -> str:
    """The days that are left to set up a second factor, on each page of who has none yet."""
    due = getattr(getattr(request, "user", None), "factor_due", None)
    if due is None or due <= timezone.now():
        return ""
    days = math.ceil((due - timezone.now()) / timedelta(days=1))
    return render_to_string("accounts/_factor_banner.html", {"due": due, "days": days}, request=request)


add_piece("ui.page_start", draw_factor_banner)

add_entry(
    area="account",
    label=_("My account"),
    url_name="accounts:change_profile",
    permission="accounts.change_profile",
    icon="circle-user",
    order=10,
)
add_entry(
    area="account", label=_("Second factor"), url_name="mfa_index", permission="accounts.change_profile",
    icon="shield-check", order=20,
)  # fmt: skip
add_entry(
    area="account", label=_("Sessions"), url_name="usersessions_list", permission="accounts.change_profile",
    icon="monitor", order=30,
)  # fmt: skip

_TEAM = _("The team")
for _area in ("agency", "company"):
    add_entry(
        area=_area, section=_TEAM if _area == "agency" else "", label=_("People"), url_name="accounts:people",
        permission="accounts.view_people", icon="users", order=800,
    )  # fmt: skip
add_entry(
    area="agency", section=_TEAM, label=_("Organisations"), url_name="accounts:organisations",
    permission="accounts.view_organisations", icon="building-2", order=810,
)  # fmt: skip
add_entry(
    area="agency", section=_TEAM, label=_("Regional teams"), url_name="accounts:regions",
    permission="accounts.view_region_team", icon="handshake", order=820,
)  # fmt: skip
add_entry(
    area="agency", section=_TEAM, label=_("Correspondents"), url_name="accounts:correspondents",
    permission="accounts.view_correspondents", icon="globe", order=830,
)  # fmt: skip
add_entry(
    area="agency", section=_("Settings"), label=_("Identity providers"), url_name="accounts:identity_providers",
    permission="accounts.view_identity_providers", icon="key-round", order=900,
)  # fmt: skip
