"""What one does with one's own views."""

from django.db import IntegrityError, connection, transaction
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


@transaction.atomic
def refresh_words() -> int:
    """Gather the words of all names again, for searches with a typing error. Returns how many; three statements.

    Made anew each time: the name of somebody who was erased is gone by the next night.
    """
    sources = (
        (
            "company",
            "SELECT regexp_split_to_table(match_name, ' ') FROM directory_company WHERE merged_into_id IS NULL",
        ),
        (
            "person",
            "SELECT regexp_split_to_table(directory_person_name(last_name, first_name), ' ') FROM directory_contact",
        ),
    )
    words_kept = 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workspace_searchword")
        for kind, words in sources:
            cursor.execute(
                f"INSERT INTO workspace_searchword (kind, word) SELECT DISTINCT %s, left(w, 80) FROM ({words}) AS t (w)"  # noqa: S608
                " WHERE length(w) > 2 ON CONFLICT DO NOTHING",
                [kind],
            )
            words_kept += cursor.rowcount
    return words_kept
