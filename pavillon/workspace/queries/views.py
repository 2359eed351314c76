"""Saved views: whose are found, which stand for a list, what the menu of a list shows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Q, When
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.ui import steady
from pavillon.workspace.models import SavedView, ViewUse

# Lists that ask for a default view when they are opened without any filter.
OPENED = ("directory:companies", "directory:contacts")
# More lines than this are looked for on the page of views.
SHOWN = 30


def opens_first(url: str) -> bool:
    """Whether the list of this address knows default views."""
    return url.partition("?")[0] in {reverse(name) for name in OPENED}


def views_of(user: User) -> Any:
    """All that a person finds, with `is_pinned` and `is_default`; one statement."""
    return SavedView.objects.visible_to(user).used_by(user).select_related("owner", "organisation")


@dataclass(frozen=True)
class ListViews:
    """The views of a list: the one that stands for it, one's own and those that others share, by name."""

    default: SavedView | None
    own: list[SavedView]
    shared: list[SavedView]


def list_views(user: User, path: str) -> ListViews:
    """The first views of a list by name, and the one that stands for it if it can still be found; one statement."""

    def asked(user: User) -> Any:
        first = SavedView.objects.visible_to(user).of_list(path).order_by(*SavedView._meta.ordering or ())[:SHOWN]
        uses = ViewUse.objects.filter(user=user, opens=path).values("view")
        standing = Case(When(pk__in=uses, then=True), default=False, output_field=BooleanField())
        return views_of(user).filter(Q(pk__in=first.values("pk")) | Q(pk__in=uses)).annotate(stands=standing)

    found = steady.rows(("views", path), user, asked)
    here = [view for view in found if view.path == path]
    return ListViews(
        next((view for view in found if view.stands), None),
        [view for view in here if view.owner_id == user.pk],
        [view for view in here if view.owner_id != user.pk],
    )
