"""The shared base: companies and the people in them, whoever brought them."""

from pavillon.directory.models.companies import CARD_EDITORS, FILLED, Company, CompanyQuerySet
from pavillon.directory.models.contacts import Contact, ContactQuerySet
from pavillon.directory.models.merging import MergeEvent, MergeEventQuerySet
from pavillon.directory.models.register import RegisterUnit

__all__ = [
    "CARD_EDITORS",
    "FILLED",
    "Company",
    "CompanyQuerySet",
    "Contact",
    "ContactQuerySet",
    "MergeEvent",
    "MergeEventQuerySet",
    "RegisterUnit",
]
