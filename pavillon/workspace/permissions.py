"""The desk and its tools are for the export team; what they show follows the rights of each room."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.workspace.models import SavedView


@permission("workspace.view_desk")
def view_desk(user: User, subject: None) -> bool:
    return bool(user.is_team)


@permission("workspace.search")
def search(user: User, subject: None) -> bool:
    return bool(user.is_team)


@permission("workspace.save_view")
def save_view(user: User, subject: Any) -> bool:
    return bool(user.is_team)


@permission("workspace.change_view")
def change_view(user: User, view: SavedView) -> bool:
    return view.owner_id == user.pk


@permission("workspace.delete_view")
def delete_view(user: User, view: SavedView) -> bool:
    return view.owner_id == user.pk
