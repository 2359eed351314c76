"""The doors of the shared base: what other rooms may do to it."""

from pavillon.directory.actions.companies import (
    AlreadyMerged,
    SirenTaken,
    adopt_register_unit,
    change_company,
    create_company,
    create_from_register,
    forwarded,
    own_company,
    register_values,
)
from pavillon.directory.actions.contacts import add_contact, change_contact, forget_contact
from pavillon.directory.actions.merging import TwoAccounts, TwoSirens, forget_merge, merge_companies, why_not_merged

__all__ = [
    "AlreadyMerged",
    "SirenTaken",
    "TwoAccounts",
    "TwoSirens",
    "add_contact",
    "adopt_register_unit",
    "change_company",
    "change_contact",
    "create_company",
    "create_from_register",
    "forget_contact",
    "forget_merge",
    "forwarded",
    "merge_companies",
    "own_company",
    "register_values",
    "why_not_merged",
]
