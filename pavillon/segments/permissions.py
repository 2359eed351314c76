"""Who may do what with segments, marks and files. What one may see is in the QuerySets."""

from typing import Any

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.directory.models import CARD_EDITORS
from pavillon.segments.models import BulkAct, ExportFile, Segment, TargetList
from pavillon.segments.models.exports import APPROVERS

EXPORTERS = CARD_EDITORS | {Role.PLATFORM_ADMIN, Role.REGION_OFFICIAL}
PUBLISHERS = frozenset({Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER})


@permission("segments.view_segments")
def view_segments(user: User, segment: Segment | None) -> bool:
    return user.is_team and (segment is None or sees(user, segment))


@permission("segments.create_segment")
def create_segment(user: User, subject: Any) -> bool:
    return user.is_team


@permission("segments.change_segment")
def change_segment(user: User, segment: Segment) -> bool:
    """Its owner, and a manager of the organisation that shares it."""
    is_manager = user.role == Role.TEAM_MANAGER and segment.organisation_id is not None
    is_its_manager = is_manager and segment.organisation == user.organisation
    return (segment.owner_id == user.pk or is_its_manager) and sees(user, segment)


@permission("segments.delete_segment")
def delete_segment(user: User, segment: Segment) -> bool:
    return change_segment(user, segment)


@permission("segments.mark_companies")
def mark_companies(user: User, subject: Any) -> bool:
    return user.role in CARD_EDITORS


@permission("segments.undo_bulk")
def undo_bulk(user: User, act: BulkAct) -> bool:
    return act.done_by_id == user.pk


@permission("segments.view_target_lists")
def view_target_lists(user: User, target_list: TargetList | None) -> bool:
    return user.role in CARD_EDITORS and (target_list is None or sees(user, target_list))


@permission("segments.create_target_list")
def create_target_list(user: User, subject: Any) -> bool:
    return user.role in CARD_EDITORS


@permission("segments.publish_target_list")
def publish_target_list(user: User, target_list: TargetList) -> bool:
    return target_list.author_id == user.pk and user.role in PUBLISHERS


@permission("segments.view_target_size")
def view_target_size(user: User, subject: Any) -> bool:
    return user.is_team


@permission("segments.change_target_size")
def change_target_size(user: User, subject: Any) -> bool:
    return user.role in PUBLISHERS | {Role.PLATFORM_ADMIN}


@permission("segments.export_list")
def export_list(user: User, subject: Any) -> bool:
    return user.role in EXPORTERS


@permission("segments.view_exports")
def view_exports(user: User, export: ExportFile | None) -> bool:
    return user.role in EXPORTERS | APPROVERS and (export is None or sees(user, export))


@permission("segments.request_approval")
def request_approval(user: User, export: ExportFile) -> bool:
    return export.author_id == user.pk


@permission("segments.cancel_export")
def cancel_export(user: User, export: ExportFile) -> bool:
    return export.author_id == user.pk


@permission("segments.download_export")
def download_export(user: User, export: ExportFile) -> bool:
    """Only its author: whoever approved it has no need to read it."""
    return export.author_id == user.pk and user.role in EXPORTERS


@permission("segments.approve_export")
def approve_export(user: User, export: ExportFile | None) -> bool:
    return user.role in APPROVERS and (export is None or export.author_id != user.pk)


@permission("segments.refuse_export")
def refuse_export(user: User, export: ExportFile) -> bool:
    return approve_export(user, export)


@permission("segments.change_export_limit")
def change_export_limit(user: User, subject: Any) -> bool:
    return user.role in APPROVERS
