"""What one does with one's own views."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.workspace.models import SavedView


class NameTaken(Exception):
    """One has a view of this name already."""


@transaction.atomic
def save_view(*, name: str, url: str, by: User, is_pinned: bool = True) -> SavedView:
    """Keep a list under a name. Raises NameTaken."""
    try:
        with transaction.atomic():
            view = SavedView.objects.create(owner=by, name=name.strip(), url=url, is_pinned=is_pinned)
    except IntegrityError as error:
        raise NameTaken(_("You already have a view called “%(name)s”.") % {"name": name}) from error
    record("workspace.view_saved", view, by=by)
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, is_pinned: bool, by: User) -> SavedView:
    """Rename, pin or unpin. Raises NameTaken."""
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    before = snapshot(view)
    view.name, view.is_pinned = name.strip(), is_pinned
    changes = changes_since(before, view)
    if changes:
        try:
            with transaction.atomic():
                view.save()
        except IntegrityError as error:
            raise NameTaken(_("You already have a view called “%(name)s”.") % {"name": name}) from error
        record("workspace.view_changed", view, by=by, changes=changes)
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    record("workspace.view_deleted", view, by=by, name=view.name)
    view.delete()


@transaction.atomic
def forget_view(view: SavedView) -> None:
    view.delete()
