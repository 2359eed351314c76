from pavillon.core.personal_data import holds_no_personal_data
from pavillon.segments.models import (
    BulkAct,
    ExportFile,
    ExportLimit,
    Segment,
    SegmentMember,
    SegmentMove,
    Tag,
    Tagging,
    TargetList,
    TargetReader,
    TargetRow,
    TargetSize,
)

# They name colleagues in the course of their work, and numbers of companies and contacts whose own rows are erased.
holds_no_personal_data(
    BulkAct, ExportFile, ExportLimit, Segment, SegmentMember, SegmentMove, Tag, Tagging, TargetList, TargetReader,
    TargetRow, TargetSize,
)  # fmt: skip
