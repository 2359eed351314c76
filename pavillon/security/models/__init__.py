"""Keys, logs that show when they were tampered with, who read what, and the privilege matrix."""

from pavillon.security.models.keys import DataKey
from pavillon.security.models.logs import ChainedLog, Line, LogAnchor, Reading
from pavillon.security.models.privileges import PolicyCell

__all__ = ["ChainedLog", "DataKey", "Line", "LogAnchor", "PolicyCell", "Reading"]
