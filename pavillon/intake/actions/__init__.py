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
from pavillon.intake.actions.exchanges import (
    add_interface,
    change_exchange,
    lay_register,
    rate_interface,
    try_interface,
)
from pavillon.intake.actions.forgetting import forget_row, forget_sample
from pavillon.intake.actions.prospects import set_terms
from pavillon.intake.actions.rehearsing import run_rehearsal
from pavillon.intake.actions.signals import (
    NotApproved,
    approve_feed,
    export_head_offices,
    import_signals,
    remind_exchange,
)
from pavillon.intake.actions.taking import run_taking, take_delivery
from pavillon.intake.actions.undoing import run_undoing, undo_delivery

__all__ = [
    "AlreadyTaken",
    "Busy",
    "NotApproved",
    "add_interface",
    "approve_feed",
    "bring_delivery",
    "change_exchange",
    "choose_mapping",
    "decide_row",
    "export_head_offices",
    "forget_row",
    "forget_sample",
    "import_signals",
    "lay_register",
    "rate_interface",
    "remind_exchange",
    "reread_delivery",
    "resume_deliveries",
    "resume_delivery",
    "run_rehearsal",
    "run_taking",
    "run_undoing",
    "set_terms",
    "take_delivery",
    "try_interface",
    "undo_delivery",
]
