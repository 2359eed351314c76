"""The desk and its tools are for the export team; what they show follows the rights of each room."""

from typing import Any

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
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


@permission("workspace.use_view")
def use_view(user: User, view: SavedView) -> bool:
    """Pin or open first whatever one finds."""
    return bool(user.is_team) and sees(user, view)


@permission("workspace.change_view")
def change_view(user: User, view: SavedView) -> bool:
    """Its owner, and a manager of the organisation with which it is shared."""
    if view.owner_id == user.pk:
        return True
    is_manager = user.role == Role.TEAM_MANAGER and view.organisation_id is not None
    return is_manager and view.is_shared and view.organisation == user.organisation


@permission("workspace.delete_view")
def delete_view(user: User, view: SavedView) -> bool:
    return change_view(user, view)
