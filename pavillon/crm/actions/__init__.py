"""What is done to requests, referents, interactions and the rules between them. The room's doors are re-exported."""

from pavillon.crm.actions.erasing import forget_absence, forget_interaction, forget_lead, forget_message
from pavillon.crm.actions.hand_overs import (
    HandOverAnswered,
    HandOverPending,
    accept_hand_over,
    decline_hand_over,
    hand_over_lead,
)
from pavillon.crm.actions.interactions import (
    NotYetHappened,
    change_interaction,
    finish_next_action,
    log_interaction,
)
from pavillon.crm.actions.leads import (
    AlreadyTaken,
    NothingLogged,
    WrongState,
    add_message,
    add_touch,
    assign_lead,
    close_lead,
    escalate_late_leads,
    refuse_lead,
    set_next_action,
    take_charge,
    treat_lead,
)
from pavillon.crm.actions.merging import follow_merged_company
from pavillon.crm.actions.receiving import AlreadyMatched, match_lead, receive_lead
from pavillon.crm.actions.referents import (
    ReferentExists,
    WrongPeriod,
    hand_over_referent,
    set_referent,
)
from pavillon.crm.actions.routing import (
    AbsenceOverlaps,
    cancel_absence,
    change_capacity,
    change_lead_settings,
    change_routing_rule,
    create_routing_rule,
    delete_routing_rule,
    plan_absence,
)

__all__ = [
    "AbsenceOverlaps",
    "AlreadyMatched",
    "AlreadyTaken",
    "HandOverAnswered",
    "HandOverPending",
    "NotYetHappened",
    "NothingLogged",
    "ReferentExists",
    "WrongPeriod",
    "WrongState",
    "accept_hand_over",
    "add_message",
    "add_touch",
    "assign_lead",
    "cancel_absence",
    "change_capacity",
    "change_interaction",
    "change_lead_settings",
    "change_routing_rule",
    "close_lead",
    "create_routing_rule",
    "decline_hand_over",
    "delete_routing_rule",
    "escalate_late_leads",
    "finish_next_action",
    "follow_merged_company",
    "forget_absence",
    "forget_interaction",
    "forget_lead",
    "forget_message",
    "hand_over_lead",
    "hand_over_referent",
    "log_interaction",
    "match_lead",
    "plan_absence",
    "receive_lead",
    "refuse_lead",
    "set_next_action",
    "set_referent",
    "take_charge",
    "treat_lead",
]
