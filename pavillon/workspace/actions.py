"""What one does with views, one's own and shared ones."""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.segments.enums import Sharing
from pavillon.workspace.models import SavedView, ViewUse


class NameTaken(Exception):
    """One has a view of this name already."""


@transaction.atomic
def save_view(
    *,
    name: str,
    url: str,
    by: User,
    sharing: str = Sharing.PERSONAL,
    is_pinned: bool = True,
    is_default: bool = False,
) -> SavedView:
    """Keep a list under a name, for oneself or for others to find. Raises NameTaken."""
    try:
        with transaction.atomic():
            view = SavedView.objects.create(
                owner=by, organisation=by.organisation, name=name.strip(), url=url, sharing=sharing
            )
    except IntegrityError as error:
        raise NameTaken(_("You already have a view called “%(name)s”.") % {"name": name}) from error
    record("workspace.view_saved", view, by=by, name=view.name, url=view.url, sharing=view.sharing)
    use_view(view=view, by=by, is_pinned=is_pinned, is_default=is_default)
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, sharing: str, by: User) -> SavedView:
    """Rename, share or keep for oneself. Whoever finds it no longer also loses its pin. Raises NameTaken."""
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    before = snapshot(view)
    view.name, view.sharing = name.strip(), sharing
    if view.is_shared and view.organisation_id is None:
        view.organisation = view.owner.organisation
    changes = changes_since(before, view)
    if not changes:
        return view
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NameTaken(_("Its owner already has a view called “%(name)s”.") % {"name": name}) from error
    if "sharing" in changes:
        record("workspace.view_shared", view, by=by, changes=changes)
        if view.sharing == Sharing.PERSONAL:
            ViewUse.objects.filter(view=view).exclude(user=view.owner_id).delete()
    else:
        record("workspace.view_changed", view, by=by, changes=changes)
    return view


@transaction.atomic
def use_view(*, view: SavedView, by: User, is_pinned: bool | None = None, is_default: bool | None = None) -> ViewUse:
    """Pin a view in one's side bar, or let it stand for its list; None leaves as it is. A list has one default view."""
    use, _made = ViewUse.objects.select_for_update().get_or_create(user=by, view=view)
    before = snapshot(use)
    if is_pinned is not None:
        use.is_pinned = is_pinned
    if is_default is not None:
        use.opens = view.path if is_default else ""
    if use.opens:
        ViewUse.objects.filter(user=by, opens=use.opens).exclude(pk=use.pk).update(opens="")
    if changes := changes_since(before, use):
        use.save()
        record("workspace.view_used", view, by=by, changes=changes)
    return use


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    record("workspace.view_deleted", view, by=by, name=view.name, sharing=view.sharing)
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
