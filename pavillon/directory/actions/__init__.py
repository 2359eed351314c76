"""The doors of the shared base: what other rooms may do to it."""

from pavillon.directory.actions.companies import (
    AlreadyMerged,
    NumberTaken,
    SirenTaken,
    adopt_register_unit,
    change_company,
    create_company,
    create_from_register,
    forwarded,
    own_company,
    register_values,
)
from pavillon.directory.actions.conflicts import NothingToChoose, keep_value, resolve_conflict
from pavillon.directory.actions.contacts import add_contact, change_contact, forget_contact
from pavillon.directory.actions.merging import TwoAccounts, TwoSirens, forget_merge, merge_companies, why_not_merged
from pavillon.directory.actions.offering import offer_many, offer_values
from pavillon.directory.actions.sources import built_in_source, change_source, create_source, note_source_record

__all__ = [
    "AlreadyMerged",
    "NothingToChoose",
    "NumberTaken",
    "SirenTaken",
    "TwoAccounts",
    "TwoSirens",
    "add_contact",
    "adopt_register_unit",
    "built_in_source",
    "change_company",
    "change_contact",
    "change_source",
    "create_company",
    "create_from_register",
    "create_source",
    "forget_contact",
    "forget_merge",
    "forwarded",
    "keep_value",
    "merge_companies",
    "note_source_record",
    "offer_many",
    "offer_values",
    "own_company",
    "register_values",
    "resolve_conflict",
    "why_not_merged",
]
