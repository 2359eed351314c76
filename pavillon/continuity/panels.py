from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.continuity.models import PlatformIncident
from pavillon.continuity.queries.pages import hosting
from pavillon.core.permissions import is_allowed
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece
from pavillon.ui.supported import is_too_old


def open_incidents(user: User) -> QuerySet[PlatformIncident] | None:
    """What is not as promised now."""
    if not is_allowed(user, "continuity.availability"):
        return None
    return PlatformIncident.objects.visible_to(user).open()


def draw_hosting(request: HttpRequest) -> str:
    """Where the platform is, on the pages that say what becomes of data."""
    return render_to_string("continuity/_hosting.html", {"sites": hosting()}, request)


def draw_old_browser(request: HttpRequest) -> str:
    """A polite word to browsers older than what the pages are built for; nothing is refused to them."""
    if not is_too_old(request.META.get("HTTP_USER_AGENT", "")):
        return ""
    return render_to_string("continuity/_old_browser.html", {}, request)


add_piece("site.hosting", draw_hosting)
add_piece("ui.page_end", draw_old_browser)
add_entry(
    area="agency",
    section=_("Security"),
    label=_("Security today"),
    url_name="continuity:today",
    permission="continuity.today",
    icon="shield-check",
    order=800,
    on_phone=True,
)
for label, page, picture, place in (
    (_("Backups"), "backups", "database", 835),
    (_("Certificates of hosts"), "certificates", "file-check", 837),
):
    add_entry(
        area="agency",
        section=_("Security"),
        label=label,
        url_name=f"continuity:{page}",
        permission=f"continuity.{page}",
        icon=picture,
        order=place,
    )
add_entry(
    area="agency",
    section=_("Security"),
    label=_("Availability"),
    url_name="continuity:availability",
    permission="continuity.availability",
    icon="clock",
    order=833,
    badge=open_incidents,
)
