"""What is done to keys, logs and privileges."""

from pavillon.security.actions.keys import IndexKeyCannotRotate, rotate_data_key
from pavillon.security.actions.logs import keep_reading, leave_reading, open_reading_months, seal_logs
from pavillon.security.actions.privileges import Changed, NotGoverned, change_policies, change_policy

__all__ = [
    "Changed",
    "IndexKeyCannotRotate",
    "NotGoverned",
    "change_policies",
    "change_policy",
    "keep_reading",
    "leave_reading",
    "open_reading_months",
    "rotate_data_key",
    "seal_logs",
]
