"""Finding companies: by register number, and by likeness."""

from pavillon.directory.queries.candidates import Candidate, candidates
from pavillon.directory.queries.companies import export_share, known_number
from pavillon.directory.queries.contacts import ContactCandidate, contact_candidates, namesakes
from pavillon.directory.queries.merging import (
    Compared,
    compare_records,
    former_numbers,
    merge_groups,
    merged_record,
    what_moved,
    what_moves,
    why_not_merged,
    why_not_undone,
)
from pavillon.directory.queries.provenance import (
    Judged,
    Offered,
    groups_of,
    known_values,
    rehearse_values,
    weigh_values,
)
from pavillon.directory.queries.register import (
    Identity,
    WrongSiren,
    check_siren,
    find_register_unit,
    places,
    register_date,
    register_identity,
)

__all__ = [
    "Candidate",
    "Compared",
    "ContactCandidate",
    "Identity",
    "Judged",
    "Offered",
    "WrongSiren",
    "candidates",
    "check_siren",
    "compare_records",
    "contact_candidates",
    "export_share",
    "find_register_unit",
    "former_numbers",
    "groups_of",
    "known_number",
    "known_values",
    "merge_groups",
    "merged_record",
    "namesakes",
    "places",
    "register_date",
    "register_identity",
    "rehearse_values",
    "weigh_values",
    "what_moved",
    "what_moves",
    "why_not_merged",
    "why_not_undone",
]
