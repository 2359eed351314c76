"""Menu lines, and what this room draws on the lists of companies and contacts."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.segments.models import ExportFile
from pavillon.ui.menu import MARKETING, add_entry
from pavillon.ui.panels import add_piece


def waiting(user: User) -> QuerySet[ExportFile] | None:
    """Files that wait for a decision of security."""
    if not is_allowed(user, "segments.approve_export"):
        return None
    return ExportFile.objects.visible_to(user).waiting()


add_entry(
    area="workspace",
    section=MARKETING,
    label=_("Segments"),
    url_name="segments:segments",
    permission="segments.view_segments",
    icon="funnel",
    order=32,
)
add_entry(
    area="workspace",
    section=MARKETING,
    label=_("Target lists"),
    url_name="segments:target_lists",
    permission="segments.view_target_lists",
    icon="target",
    order=34,
)
add_entry(
    area="account",
    label=_("Exports"),
    url_name="segments:exports",
    permission="segments.view_exports",
    icon="download",
    order=62,
    badge=waiting,
)


def _subject(request: HttpRequest) -> str:
    return "contacts" if request.path.startswith("/contacts") else "companies"


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before", "from", "format"):
        query.pop(name, None)
    return query.urlencode()


def draw_tools(request: HttpRequest) -> str:
    """The way to a file of the list."""
    if not is_allowed(request.user, "segments.export_list"):
        return ""
    context = {"subject": _subject(request), "query": _query(request)}
    return render_to_string("segments/_list_tools.html", context, request)


def draw_filters(request: HttpRequest) -> str:
    """Keep what narrows the list as a segment."""
    context = {"subject": _subject(request), "query": _query(request)}
    return render_to_string("segments/_list_filters.html", context, request)


def draw_bulk(request: HttpRequest) -> str:
    """What can be done to the rows that are ticked."""
    if _subject(request) != "companies" or not is_allowed(request.user, "segments.mark_companies"):
        return '<form id="bulk"></form>'
    return render_to_string("segments/_list_bulk.html", {"query": _query(request)}, request)


add_piece("directory.list_tools", draw_tools)
add_piece("directory.list_filters", draw_filters)
add_piece("directory.list_bulk", draw_bulk)
