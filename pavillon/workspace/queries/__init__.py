"""Reads for the desk and the search, over all the rooms below."""

from pavillon.workspace.queries.desk import Desk, desk_of, recent_records
from pavillon.workspace.queries.search import Answer, Group, find, suggestions

__all__ = ["Answer", "Desk", "Group", "desk_of", "find", "recent_records", "suggestions"]
