"""Reads of the room. `search_products` is the door of the search."""

from pavillon.showroom.queries.catalogue import (
    adviser_people,
    is_overdue,
    recipients_of,
    shop_of,
    showroom_settings,
)
from pavillon.showroom.queries.monitoring import company_figures, monitoring_rows
from pavillon.showroom.queries.search import Hits, search_products

__all__ = [
    "Hits",
    "adviser_people",
    "company_figures",
    "is_overdue",
    "monitoring_rows",
    "recipients_of",
    "search_products",
    "shop_of",
    "showroom_settings",
]
