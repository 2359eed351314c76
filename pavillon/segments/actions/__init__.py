"""What is done with segments, marks and files."""

from pavillon.segments.actions.exports import (
    NotInState,
    approve_export,
    cancel_export,
    change_export_limit,
    expire_exports,
    export_list,
    note_download,
    refuse_export,
    request_approval,
    write_export,
)
from pavillon.segments.actions.marks import (
    AlreadyUndone,
    NameTaken,
    change_target_size,
    create_target_list,
    publish_target_list,
    tag_companies,
    target_companies,
    undo_bulk,
)
from pavillon.segments.actions.segments import (
    SegmentUsed,
    change_segment,
    create_segment,
    delete_segment,
    follow_companies,
    refresh_segment,
)

__all__ = [
    "AlreadyUndone", "NameTaken", "NotInState", "SegmentUsed", "approve_export", "cancel_export", "change_export_limit",
    "change_segment", "change_target_size", "create_segment", "create_target_list", "delete_segment", "expire_exports",
    "export_list", "follow_companies", "note_download", "publish_target_list", "refresh_segment", "refuse_export",
    "request_approval", "tag_companies", "target_companies", "undo_bulk", "write_export",
]  # fmt: skip
