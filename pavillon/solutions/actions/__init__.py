"""What is done in this room. The doors that other rooms use are re-exported here."""

from pavillon.solutions.actions.accounts import (
    confirm_entry,
    decide_join_request,
    enter_company,
    open_company_account,
    settle_entries,
)
from pavillon.solutions.actions.catalogue import (
    approve_solution,
    propose_solution,
    refuse_solution,
    withdraw_solution,
)
from pavillon.solutions.actions.contact import ask_contact
from pavillon.solutions.actions.diagnosis import answer_question, claim_diagnosis, start_diagnosis, tick_step
from pavillon.solutions.actions.sites import close_region_site, open_region_site

__all__ = [
    "answer_question",
    "approve_solution",
    "ask_contact",
    "claim_diagnosis",
    "close_region_site",
    "confirm_entry",
    "decide_join_request",
    "enter_company",
    "open_company_account",
    "open_region_site",
    "propose_solution",
    "refuse_solution",
    "settle_entries",
    "start_diagnosis",
    "tick_step",
    "withdraw_solution",
]
