"""What is done to keys, logs and privileges."""

from pavillon.security.actions.keys import IndexKeyCannotRotate, rotate_data_key
from pavillon.security.actions.logs import keep_reading, open_reading_months, seal_logs
from pavillon.security.actions.privileges import Changed, change_policy

__all__ = [
    "Changed",
    "IndexKeyCannotRotate",
    "change_policy",
    "keep_reading",
    "open_reading_months",
    "rotate_data_key",
    "seal_logs",
]
