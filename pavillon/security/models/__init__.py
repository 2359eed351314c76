"""Keys, logs that show when they were tampered with, who read what, and the privilege matrix."""

from pavillon.security.models.keys import (
    KEY_HOLDERS,
    KEY_READERS,
    PROPOSAL_HOURS,
    DataKey,
    KeyProposal,
    KeyUse,
    KeyWatch,
    RecordKey,
    RecoverySet,
    RecoveryShare,
)
from pavillon.security.models.logs import ChainedLog, Line, LogAnchor, Reading
from pavillon.security.models.privileges import PolicyCell
from pavillon.security.models.shipping import LogShipment

__all__ = [
    "KEY_HOLDERS",
    "KEY_READERS",
    "PROPOSAL_HOURS",
    "ChainedLog",
    "DataKey",
    "KeyProposal",
    "KeyUse",
    "KeyWatch",
    "Line",
    "LogAnchor",
    "LogShipment",
    "PolicyCell",
    "Reading",
    "RecordKey",
    "RecoverySet",
    "RecoveryShare",
]
