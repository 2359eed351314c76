"""The cookie bar at the end of public pages, and the consent centre in the account menu."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

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
