"""Finding companies: by register number, and by likeness."""

from pavillon.directory.queries.candidates import Candidate, candidates
from pavillon.directory.queries.companies import export_share, known_number
from pavillon.directory.queries.contacts import namesakes
from pavillon.directory.queries.merging import COMPARED, Compared, compare_companies, what_moves
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
    "COMPARED",
    "Candidate",
    "Compared",
    "Identity",
    "Judged",
    "Offered",
    "WrongSiren",
    "candidates",
    "check_siren",
    "compare_companies",
    "export_share",
    "find_register_unit",
    "groups_of",
    "known_number",
    "known_values",
    "namesakes",
    "places",
    "register_date",
    "register_identity",
    "rehearse_values",
    "weigh_values",
    "what_moves",
]
