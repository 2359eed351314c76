"""Finding companies: by register number, and by likeness."""

from pavillon.directory.channels import WrongPhone, phone_number
from pavillon.directory.names import begins, has_words, is_legal_form, match_name, plain
from pavillon.directory.numbers import WrongNumber, check_national_number, check_vat_number
from pavillon.directory.precedence import ColumnPolicy, Verdict
from pavillon.directory.queries.apart import stand_apart
from pavillon.directory.queries.called import (
    Way,
    companies_alike,
    companies_named,
    companies_with_siren,
    companies_with_words,
    people_named,
)
from pavillon.directory.queries.candidates import ASKED_FROM, Candidate, candidates, candidates_of_many
from pavillon.directory.queries.companies import export_share, known_number
from pavillon.directory.queries.contacts import ContactCandidate, contact_candidates, namesakes
from pavillon.directory.queries.describing import (
    match_descriptions,
    match_descriptions_of_known,
    match_people,
    shared_keys,
)
from pavillon.directory.queries.former import former_companies, former_numbers
from pavillon.directory.queries.likely import may_be_without_siren
from pavillon.directory.queries.merging import (
    Compared,
    compare_records,
    contact_to_keep,
    late_merges,
    merge_groups,
    merged_record,
    side_to_keep,
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
    put_head_offices,
    register_date,
)
from pavillon.directory.queries.register_files import (
    import_folder,
    memory_file,
    old_rejects,
    rejects_file,
    rejects_until,
    waiting_files,
    work_folder,
)

__all__ = [
    "ASKED_FROM",
    "Candidate",
    "ColumnPolicy",
    "Compared",
    "ContactCandidate",
    "Identity",
    "Judged",
    "Offered",
    "Verdict",
    "Way",
    "WrongNumber",
    "WrongPhone",
    "WrongSiren",
    "begins",
    "candidates",
    "candidates_of_many",
    "check_national_number",
    "check_siren",
    "check_vat_number",
    "companies_alike",
    "companies_named",
    "companies_with_siren",
    "companies_with_words",
    "compare_records",
    "contact_candidates",
    "contact_to_keep",
    "export_share",
    "find_register_unit",
    "former_companies",
    "former_numbers",
    "groups_of",
    "has_words",
    "import_folder",
    "is_legal_form",
    "known_number",
    "known_values",
    "late_merges",
    "match_descriptions",
    "match_descriptions_of_known",
    "match_name",
    "match_people",
    "may_be_without_siren",
    "memory_file",
    "merge_groups",
    "merged_record",
    "namesakes",
    "old_rejects",
    "people_named",
    "phone_number",
    "places",
    "plain",
    "put_head_offices",
    "register_date",
    "rehearse_values",
    "rejects_file",
    "rejects_until",
    "shared_keys",
    "side_to_keep",
    "stand_apart",
    "waiting_files",
    "weigh_values",
    "what_moved",
    "what_moves",
    "why_not_merged",
    "why_not_undone",
    "work_folder",
]
