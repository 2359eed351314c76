from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.core.permissions import is_allowed
from pavillon.ui import frame
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece
from pavillon.workspace.models import SavedView

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
    views = sorted(frame.read_frame(request.user)["workspace.saved_views"], key=lambda view: view["name"].casefold())
    keepable = request.get_full_path() if request.GET else ""
    here = request.get_full_path()
    return render_to_string("workspace/_saved_views.html", {"views": views, "keepable": keepable, "here": here})


frame.need(
    "workspace.saved_views",
    permission="workspace.save_view",
    rows=lambda user: SavedView.objects.visible_to(user).pinned().order_by("name", "pk"),
    says=JSONObject(name="name", url="url"),
    most=PINNED,
)
add_piece("ui.side", draw_saved_views)
