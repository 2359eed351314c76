"""The shared base: companies and the people in them, whoever brought them."""

from pavillon.directory.models.companies import CARD_EDITORS, FILLED, MERGERS, Company, CompanyQuerySet
from pavillon.directory.models.contacts import Contact, ContactQuerySet, ContactRole, LoneCompany
from pavillon.directory.models.corrections import CorrectionRequest
from pavillon.directory.models.establishments import Establishment
from pavillon.directory.models.groups import GroupLink
from pavillon.directory.models.markets import Market
from pavillon.directory.models.match_records import MatchRecord
from pavillon.directory.models.merging import MergeEvent, MergeEventQuerySet
from pavillon.directory.models.names import FormerName
from pavillon.directory.models.reach import CallWindow, Channel
from pavillon.directory.models.register import RegisterEstablishment, RegisterName, RegisterRun, RegisterUnit
from pavillon.directory.models.sensitive import (
    NotClosedTo,
    SensitiveMark,
    SensitiveReader,
    is_private_partner,
    stands_behind,
)
from pavillon.directory.models.sources import CompanyValue, ContactValue, Source, SourceRecord

__all__ = [
    "CARD_EDITORS",
    "FILLED",
    "MERGERS",
    "CallWindow",
    "Channel",
    "Company",
    "CompanyQuerySet",
    "CompanyValue",
    "Contact",
    "ContactQuerySet",
    "ContactRole",
    "ContactValue",
    "CorrectionRequest",
    "Establishment",
    "FormerName",
    "GroupLink",
    "LoneCompany",
    "Market",
    "MatchRecord",
    "MergeEvent",
    "MergeEventQuerySet",
    "NotClosedTo",
    "RegisterEstablishment",
    "RegisterName",
    "RegisterRun",
    "RegisterUnit",
    "SensitiveMark",
    "SensitiveReader",
    "Source",
    "SourceRecord",
    "is_private_partner",
    "stands_behind",
]
