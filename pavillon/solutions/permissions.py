from typing import Any

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership
from pavillon.core.permissions import permission, sees
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.solutions.enums import SolutionState
from pavillon.solutions.models import Diagnosis, JoinRequest, Solution
from pavillon.solutions.models.catalogue import APPROVERS, PROPOSERS

CONFIRMERS = (Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER)


@permission("solutions.view_company_space")
def view_company_space(user: Any, subject: object) -> bool:
    """The space under /my/ belongs to people who act for a company."""
    return user.is_company


@permission("solutions.read_diagnosis")
def read_diagnosis(user: Any, diagnosis: Diagnosis | None) -> bool:
    return user.is_company or user.is_team


@permission("solutions.ask_contact", writes=Lead)
def ask_contact(user: Any, subject: object) -> bool:
    return user.is_company


@permission("solutions.decide_join_request", writes=JoinRequest)
def decide_join_request(user: Any, join_request: JoinRequest | None) -> bool:
    return user.has_role(Role.COMPANY_MANAGER)


@permission("solutions.view_newcomers")
def view_newcomers(user: Any, company: Company | None) -> bool:
    return user.has_role(*CONFIRMERS)


@permission("solutions.confirm_entry", writes=Membership)
def confirm_entry(user: Any, company: Company | None) -> bool:
    """Whoever works with companies may say that a person belongs to one; `visible_to` keeps to those he sees."""
    return user.has_role(*CONFIRMERS)


@permission("solutions.view_company_accounts")
def view_company_accounts(user: Any, subject: None) -> bool:
    """Which companies opened their account: as their cards, the whole team's business."""
    return bool(user.is_team)


@permission("solutions.list_proposals")
def list_proposals(user: Any, solution: Solution | None) -> bool:
    return user.has_role(*PROPOSERS) and (solution is None or sees(user, solution))


@permission("solutions.propose_solution", writes=Solution)
def propose_solution(user: Any, solution: Solution | None) -> bool:
    """Write an offer, or change it as long as nobody has published it."""
    if solution is None:
        return user.has_role(*PROPOSERS)
    mine = solution.organisation_id is not None and solution.organisation_id == getattr(user.organisation, "pk", 0)
    return user.has_role(*PROPOSERS) and mine and solution.state != SolutionState.PUBLISHED


@permission("solutions.approve_solution", writes=Solution)
def approve_solution(user: Any, solution: Solution | None) -> bool:
    """Somebody answerable for the catalogue, and never the one who wrote the offer."""
    if not user.has_role(*APPROVERS):
        return False
    return solution is None or (solution.state == SolutionState.SUBMITTED and solution.proposed_by_id != user.pk)


@permission("solutions.withdraw_solution", writes=Solution)
def withdraw_solution(user: Any, solution: Solution | None) -> bool:
    if solution is None or solution.state != SolutionState.PUBLISHED:
        return False
    mine = solution.organisation_id is not None and solution.organisation_id == getattr(user.organisation, "pk", 0)
    return user.has_role(*APPROVERS) or (mine and user.has_role(*PROPOSERS))
