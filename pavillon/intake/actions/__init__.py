"""What is done to files that others bring."""

from pavillon.intake.actions.bringing import (
    AlreadyTaken,
    Busy,
    bring_delivery,
    choose_mapping,
    decide_row,
    reread_delivery,
    resume_deliveries,
    resume_delivery,
)
from pavillon.intake.actions.forgetting import forget_row, forget_sample
from pavillon.intake.actions.rehearsing import run_rehearsal
from pavillon.intake.actions.taking import run_taking, take_delivery
from pavillon.intake.actions.undoing import run_undoing, undo_delivery

__all__ = [
    "AlreadyTaken",
    "Busy",
    "bring_delivery",
    "choose_mapping",
    "decide_row",
    "forget_row",
    "forget_sample",
    "reread_delivery",
    "resume_deliveries",
    "resume_delivery",
    "run_rehearsal",
    "run_taking",
    "run_undoing",
    "take_delivery",
    "undo_delivery",
]
