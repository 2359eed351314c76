"""What is done to requests, referents, interactions and the rules between them. The room's doors are re-exported."""

from pavillon.crm.actions.agenda import (
    finish_promise_in_agenda,
    keep_promise_in_agenda,
    keep_promise_of_exchange,
    note_exchange_in_agenda,
)
from pavillon.crm.actions.costs import note_channel_cost, remove_channel_cost
from pavillon.crm.actions.discussing import MayNotRead, answer_discussion, change_comment, start_discussion
from pavillon.crm.actions.erasing import (
    forget_absence,
    forget_comment,
    forget_contact_message,
    forget_hand_over,
    forget_interaction,
    forget_lead,
    forget_message,
    forget_task,
)
from pavillon.crm.actions.following import follow_company, unfollow_company
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
from pavillon.crm.actions.letters import send_diagnosis_letter
from pavillon.crm.actions.merging import show_merged_company
from pavillon.crm.actions.partners import ask_partner_consent, close_partner_access
from pavillon.crm.actions.profiles import change_profile_settings, compute_profiles, take_potential
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
from pavillon.crm.actions.shared_tasks import change_task, finish_task, give_task, remind_tasks, reopen_task
from pavillon.crm.actions.suggesting import suggest_lead
from pavillon.crm.actions.support import (
    AlreadyDedicated,
    ContactEnded,
    NotAccompanied,
    WrongDay,
    change_dedicated_contact,
    end_dedicated_contact,
    name_dedicated_contact,
    write_contact_message,
)
from pavillon.crm.queries.partners import NobodyToAsk

__all__ = [
    "AbsenceOverlaps",
    "AlreadyDedicated",
    "AlreadyMatched",
    "AlreadyTaken",
    "ContactEnded",
    "HandOverAnswered",
    "HandOverPending",
    "MayNotRead",
    "NobodyToAsk",
    "NotAccompanied",
    "NotYetHappened",
    "NothingLogged",
    "ReferentExists",
    "WrongDay",
    "WrongPeriod",
    "WrongState",
    "accept_hand_over",
    "add_message",
    "add_touch",
    "answer_discussion",
    "ask_partner_consent",
    "assign_lead",
    "cancel_absence",
    "change_capacity",
    "change_comment",
    "change_dedicated_contact",
    "change_interaction",
    "change_lead_settings",
    "change_profile_settings",
    "change_routing_rule",
    "change_task",
    "close_lead",
    "close_partner_access",
    "compute_profiles",
    "create_routing_rule",
    "decline_hand_over",
    "delete_routing_rule",
    "end_dedicated_contact",
    "escalate_late_leads",
    "finish_next_action",
    "finish_promise_in_agenda",
    "finish_task",
    "follow_company",
    "forget_absence",
    "forget_comment",
    "forget_contact_message",
    "forget_hand_over",
    "forget_interaction",
    "forget_lead",
    "forget_message",
    "forget_task",
    "give_task",
    "hand_over_lead",
    "hand_over_referent",
    "keep_promise_in_agenda",
    "keep_promise_of_exchange",
    "log_interaction",
    "match_lead",
    "name_dedicated_contact",
    "note_channel_cost",
    "note_exchange_in_agenda",
    "plan_absence",
    "receive_lead",
    "refuse_lead",
    "remind_tasks",
    "remove_channel_cost",
    "reopen_task",
    "send_diagnosis_letter",
    "set_next_action",
    "set_referent",
    "show_merged_company",
    "start_discussion",
    "suggest_lead",
    "take_charge",
    "take_potential",
    "treat_lead",
    "unfollow_company",
    "write_contact_message",
]
