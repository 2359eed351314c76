"""What this room's pages and jobs read."""

from pavillon.curation.queries.duplicates import (
    Bar,
    contact_waterfall,
    find_neighbours,
    last_contact_decision,
    last_decisions,
    next_contact_pair,
    next_pair,
    overview_of,
    people_side_by_side,
    priority_of,
    side_by_side,
    waterfall,
)
from pavillon.curation.queries.freshness import (
    Fresh,
    FreshPlace,
    freshness_by_organisation,
    freshness_of,
    people_to_remind,
)
from pavillon.curation.queries.quality import GAPS, SCOPES, add_portfolio, gap_words, has_portfolios, to_do_list
from pavillon.curation.queries.thresholds import Published, curve, dry_run, model_versions, published

__all__ = [
    "GAPS",
    "SCOPES",
    "Bar",
    "Fresh",
    "FreshPlace",
    "Published",
    "add_portfolio",
    "contact_waterfall",
    "curve",
    "dry_run",
    "find_neighbours",
    "freshness_by_organisation",
    "freshness_of",
    "gap_words",
    "has_portfolios",
    "last_contact_decision",
    "last_decisions",
    "model_versions",
    "next_contact_pair",
    "next_pair",
    "overview_of",
    "people_side_by_side",
    "people_to_remind",
    "priority_of",
    "published",
    "side_by_side",
    "to_do_list",
    "waterfall",
]
