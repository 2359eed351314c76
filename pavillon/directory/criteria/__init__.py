"""The language in which lists, segments, searches and the API ask the base (decision record 0021).

A room registers what can be asked of its values (`add_fields`) and what lists may show (`add_columns`) in its own
`criteria`; whoever asks goes through `read_rule` or `read_address`, then `condition_of` and `sentence_of`.
"""

from pavillon.directory.criteria.address import address_of, address_pairs, question_pair, read_address
from pavillon.directory.criteria.columns import (
    Column,
    add_columns,
    add_orders,
    cells_of,
    chosen_columns,
    columns_for,
    orders_of,
)
from pavillon.directory.criteria.compile import condition_of, holds_for, question_condition
from pavillon.directory.criteria.fields import (
    BARE,
    OPERATOR_WORDS,
    PAIRS,
    Ask,
    Field,
    Kind,
    Names,
    add_fields,
    all_fields,
    borrow_fields,
    fields_for,
)
from pavillon.directory.criteria.rules import (
    EVERYTHING,
    Deed,
    Group,
    Question,
    Rule,
    WrongRule,
    ask_question,
    read_rule,
    write_rule,
)
from pavillon.directory.criteria.sentences import check_values, labels_of, phrase_of, sentence_of

__all__ = [
    "BARE", "EVERYTHING", "OPERATOR_WORDS", "PAIRS", "Ask", "Column", "Deed", "Field", "Group", "Kind", "Names",
    "Question", "Rule", "WrongRule", "add_columns", "add_fields", "add_orders", "address_of", "address_pairs",
    "all_fields", "ask_question", "borrow_fields", "cells_of", "check_values", "chosen_columns", "columns_for",
    "condition_of", "fields_for", "holds_for", "labels_of", "orders_of", "phrase_of", "question_condition",
    "question_pair", "read_address", "read_rule", "sentence_of", "write_rule",
]  # fmt: skip

# What this room itself lets ask.
from pavillon.directory.criteria import companies as _companies  # noqa: F401
from pavillon.directory.criteria import people as _people  # noqa: F401
