"""Reads for the desk, the search and the saved views, over all the rooms below."""

from pavillon.workspace.queries.desk import Desk, desk_of, recent_records
from pavillon.workspace.queries.search import Answer, Group, find, hint_for, is_empty_search, suggestions
from pavillon.workspace.queries.views import ListViews, list_views, opens_first, views_of

__all__ = [
    "Answer",
    "Desk",
    "Group",
    "ListViews",
    "desk_of",
    "find",
    "hint_for",
    "is_empty_search",
    "list_views",
    "opens_first",
    "recent_records",
    "suggestions",
    "views_of",
]
