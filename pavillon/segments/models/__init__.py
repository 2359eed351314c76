from pavillon.segments.models.exports import ExportFile, ExportLimit
from pavillon.segments.models.marks import BulkAct, Tag, Tagging, TargetList, TargetReader, TargetRow, TargetSize
from pavillon.segments.models.segments import Segment, SegmentMember, SegmentMove

__all__ = [
    "BulkAct", "ExportFile", "ExportLimit", "Segment", "SegmentMember", "SegmentMove", "Tag", "Tagging", "TargetList",
    "TargetReader", "TargetRow", "TargetSize",
]  # fmt: skip
