from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.directory.queries import plain
from pavillon.ui import frame
from pavillon.ui.keyset import ALL
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece
from pavillon.workspace.models import SavedView
from pavillon.workspace.queries import ListViews, list_views

# More would hide the menu; the page of one's views has them all.
PINNED = 12

add_entry(
    area="workspace",
    label=_("Desk"),
    url_name="workspace:desk",
    permission="workspace.view_desk",
    icon="house",
    order=1,
    on_phone=True,
)
add_entry(
    area="account",
    label=_("Saved views"),
    url_name="workspace:saved_views",
    permission="workspace.save_view",
    icon="bookmark",
    order=60,
)


def draw_saved_views(request: HttpRequest) -> str:
    """The pinned views, and a way to keep the list that one looks at."""
    if not request.user.is_authenticated or not is_allowed(request.user, "workspace.save_view"):
        return ""
    views = sorted(frame.read_frame(request.user)["workspace.saved_views"], key=lambda view: plain(view["name"]))
    here = request.get_full_path()
    context = {"views": views, "keepable": _keepable(request), "here": here}
    return render_to_string("workspace/_saved_views.html", context)


def _keepable(request: HttpRequest) -> str:
    """The address of this list without the place one is at in it; "" when nothing narrows or orders it."""
    query = request.GET.copy()
    for name in ("after", "before", "from", "page", "format", ALL):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else ""


def draw_view_menu(request: HttpRequest) -> str:
    """The views of this list: one's own, shared ones, and the whole list."""
    if not is_allowed(request.user, "workspace.save_view"):
        return ""
    assert isinstance(request.user, User)
    views = _views(request, request.user)
    own, shared = views.own, views.shared
    here = _keepable(request)
    current = next((view for view in (*own, *shared) if view.url == here), None)
    context = {
        "own": own,
        "shared": shared,
        "current": current,
        "keepable": here if current is None else "",
        "whole": f"{request.path}?{ALL}=1",
    }
    return render_to_string("workspace/_view_menu.html", context, request)


def open_default_view(request: HttpRequest) -> str:
    """The address that stands for a list when it is asked for without any filter; "" for the list itself."""
    if not is_allowed(request.user, "workspace.save_view"):
        return ""
    assert isinstance(request.user, User)
    view = _views(request, request.user).default
    return view.url if view else ""


def _views(request: HttpRequest, user: User) -> ListViews:
    """The views of the list that is asked for, read once a request."""
    known: ListViews | None = getattr(request, "_list_views", None)
    if known is None:
        known = request._list_views = list_views(user, request.path)  # type: ignore[attr-defined]
    return known


frame.need(
    "workspace.saved_views",
    permission="workspace.save_view",
    rows=lambda user: SavedView.objects.visible_to(user).pinned_by(user).order_by("name", "pk"),
    says=JSONObject(name="name", url="url"),
    most=PINNED,
)
add_piece("ui.side", draw_saved_views)
add_piece("directory.list_views", draw_view_menu)
add_piece("directory.list_opening", open_default_view)
