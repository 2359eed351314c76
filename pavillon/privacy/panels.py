"""The cookie bar at the end of public pages, and the consent centre in the account menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.privacy.models import RightsRequest
from pavillon.privacy.queries import open_questions
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece


def draw_cookie_bar(request: HttpRequest) -> str:
    """The bar, as long as this browser has not answered; never on the pages of the team."""
    if not any(request.path.startswith(f"/{code}/") for code, _name in settings.LANGUAGES):
        return ""
    questions = open_questions(request)
    return render_to_string("privacy/_cookie_bar.html", {"purposes": questions}, request) if questions else ""


add_piece("ui.page_end", draw_cookie_bar)
add_entry(
    area="account",
    label=_("My consents"),
    url_name="privacy:list_consents",
    permission="privacy.list_consents",
    icon="shield-check",
    order=60,
)


def pending_requests(user: Any) -> Any:
    return RightsRequest.objects.visible_to(user).pending()


add_entry(
    area="agency",
    section=_("Personal data"),
    label=_("Requests of people"),
    url_name="privacy_team:rights_requests",
    permission="privacy.view_requests",
    icon="user-check",
    order=705,
    badge=pending_requests,
)
add_entry(
    area="agency",
    section=_("Personal data"),
    label=_("Purposes and consents"),
    url_name="privacy_team:purposes",
    permission="privacy.view_purposes",
    icon="file-check",
    order=710,
)
add_entry(
    area="agency",
    section=_("Personal data"),
    label=_("Data protection"),
    url_name="privacy_team:overview",
    permission="privacy.view_registers",
    icon="shield-check",
    order=700,
    on_phone=True,
)
for label, page, permission, picture, place in (
    (_("Retention"), "retention_rules", "privacy.view_retention", "clock", 715),
    (_("Register of processing"), "processings", "privacy.view_registers", "book-open", 720),
    (_("Processors"), "processors", "privacy.view_registers", "building-2", 725),
    (_("Breaches"), "breaches", "privacy.view_breaches", "triangle-alert", 730),
    (_("Secret data"), "clearances", "privacy.view_clearances", "lock", 733),
    (_("Points of control"), "control_points", "privacy.view_registers", "circle-check", 735),
):
    add_entry(
        area="agency",
        section=_("Personal data"),
        label=label,
        url_name=f"privacy_team:{page}",
        permission=permission,
        icon=picture,
        order=place,
    )
