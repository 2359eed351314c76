"""What is done to keep the base clean."""

from pavillon.curation.actions.batches import rehearse_batch, run_batch, undo_batch
from pavillon.curation.actions.contact_pairs import decide_contact_pair, undo_contact_decision
from pavillon.curation.actions.duplicates import (
    AlreadyDecided,
    OpinionGiven,
    decide_pair,
    undo_decision,
)
from pavillon.curation.actions.quality import qualify_companies, remind_people
from pavillon.curation.actions.scanning import scan_base
from pavillon.curation.actions.thresholds import change_thresholds, retrain_model

__all__ = [
    "AlreadyDecided",
    "OpinionGiven",
    "change_thresholds",
    "decide_contact_pair",
    "decide_pair",
    "qualify_companies",
    "rehearse_batch",
    "remind_people",
    "retrain_model",
    "run_batch",
    "scan_base",
    "undo_batch",
    "undo_contact_decision",
    "undo_decision",
]
