"""Who is in a segment, who came and went; what a list sends out."""

from pavillon.segments.queries.exports import limit_in_force, rows_this_hour
from pavillon.segments.queries.segments import (
    SUBJECTS,
    members,
    moves_since,
    preview_of,
    rule_of,
    sentence_for,
    target_size,
)

__all__ = [
    "SUBJECTS", "limit_in_force", "members", "moves_since", "preview_of", "rows_this_hour", "rule_of", "sentence_for",
    "target_size",
]  # fmt: skip
