"""Reads over logs, keys and privileges."""

from pavillon.security.keys import Unreadable
from pavillon.security.queries.audit import (
    Shown,
    audited_lines,
    changed_fields,
    find_records,
    governed_labels,
    known_record,
    model_of,
    shown_lines,
)
from pavillon.security.queries.keys import KeyState, key_holders, key_state
from pavillon.security.queries.logs import chained_logs, collector_place, last_anchor, shipping_state
from pavillon.security.queries.privileges import SIGHT_CAP, Scope, matrix, policy_for, sight_of
from pavillon.security.queries.record_keys import Opener, is_sealed, opener
from pavillon.security.record_keys import Erased
from pavillon.security.sentences import sentence_of

__all__ = [
    "SIGHT_CAP",
    "Erased",
    "KeyState",
    "Opener",
    "Scope",
    "Shown",
    "Unreadable",
    "audited_lines",
    "chained_logs",
    "changed_fields",
    "collector_place",
    "find_records",
    "governed_labels",
    "is_sealed",
    "key_holders",
    "key_state",
    "known_record",
    "last_anchor",
    "matrix",
    "model_of",
    "opener",
    "policy_for",
    "sentence_of",
    "shipping_state",
    "shown_lines",
    "sight_of",
]
