"""What is done to budgets of reading, rules of unusual events and incidents."""

from pavillon.vigilance.actions.counting import count_records, forget_old_rows, keep_habits
from pavillon.vigilance.actions.exemptions import end_exemption, exempt_person
from pavillon.vigilance.actions.forgetting import (
    forget_exemption,
    forget_extension,
    forget_habit,
    forget_incident,
    forget_reader,
    forget_rehearsal,
    forget_spending,
)
from pavillon.vigilance.actions.incidents import (
    NotOpen,
    close_incident,
    lift_incident,
    look_at_incident,
    open_incident,
)
from pavillon.vigilance.actions.limits import (
    Decided,
    OwnLimit,
    allow_records,
    ask_extension,
    change_limit,
    end_limit,
    grant_extension,
    refuse_extension,
)
from pavillon.vigilance.actions.rehearsals import rehearse_rule, run_rehearsal
from pavillon.vigilance.actions.rules import change_rule, create_rule, judge_event, lock_what_fails, watch_logs
from pavillon.vigilance.actions.spending import (
    ProofWanted,
    Verdict,
    note_refused_rows,
    reserve_rows,
    reserved,
    spend_rows,
)

__all__ = [
    "Decided",
    "NotOpen",
    "OwnLimit",
    "ProofWanted",
    "Verdict",
    "allow_records",
    "ask_extension",
    "change_limit",
    "change_rule",
    "close_incident",
    "count_records",
    "create_rule",
    "end_exemption",
    "end_limit",
    "exempt_person",
    "forget_exemption",
    "forget_extension",
    "forget_habit",
    "forget_incident",
    "forget_old_rows",
    "forget_reader",
    "forget_rehearsal",
    "forget_spending",
    "grant_extension",
    "judge_event",
    "keep_habits",
    "lift_incident",
    "lock_what_fails",
    "look_at_incident",
    "note_refused_rows",
    "open_incident",
    "refuse_extension",
    "rehearse_rule",
    "reserve_rows",
    "reserved",
    "run_rehearsal",
    "spend_rows",
    "watch_logs",
]
