"""Saved views: whose are found, which stand for a list, what the menu of a list shows."""

from typing import Any

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


def default_view(user: User, path: str) -> SavedView | None:
    """The view that stands for a list, if it can still be found; one statement."""

    def standing(user: User) -> Any:
        uses = ViewUse.objects.filter(user=user, opens=path).values("view")
        return SavedView.objects.visible_to(user).filter(pk__in=uses).order_by("pk")[:1]

    return next(iter(steady.rows(("default view", path), user, standing)), None)


def menu_of(user: User, path: str) -> tuple[list[SavedView], list[SavedView]]:
    """(one's own views of a list, those that others share), by name; one statement."""
    found = steady.rows(("views", path), user, lambda user: views_of(user).of_list(path)[:SHOWN])
    return [v for v in found if v.owner_id == user.pk], [v for v in found if v.owner_id != user.pk]
