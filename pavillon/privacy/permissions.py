"""Who may do what with consents, requests of people and the officer's registers."""

from typing import Any

from pavillon.accounts.enums import Role
from pavillon.core.permissions import permission
from pavillon.privacy.models import Breach, Clearance, Consent, Purpose, Question, RightsRequest


@permission("privacy.list_consents")
def list_consents(user: Any, consent: Consent | None) -> bool:
    """Everybody who has an account keeps hold of his own answers."""
    return True


@permission("privacy.withdraw_consent")
def withdraw_consent(user: Any, consent: Consent | None) -> bool:
    return consent is None or consent.user_id == user.pk


@permission("privacy.export_consents")
def export_consents(user: Any, consent: Consent | None) -> bool:
    return True


@permission("privacy.answer_question")
def answer_question(user: Any, question: Question | None) -> bool:
    return question is None or (question.user_id == user.pk and question.answered_at is None)


def is_officer(user: Any) -> bool:
    return bool(user.has_role(Role.DATA_PROTECTION_OFFICER))


@permission("privacy.view_purposes")
def view_purposes(user: Any, purpose: Purpose | None) -> bool:
    return is_officer(user)


@permission("privacy.reword_purpose")
def reword_purpose(user: Any, purpose: Purpose | None) -> bool:
    return is_officer(user)


@permission("privacy.view_request")
def view_request(user: Any, asked: RightsRequest | None) -> bool:
    return asked is None or asked.user_id == user.pk


@permission("privacy.fetch_own_data")
def fetch_own_data(user: Any, asked: RightsRequest | None) -> bool:
    return asked is None or asked.user_id == user.pk


@permission("privacy.view_requests")
def view_requests(user: Any, asked: RightsRequest | None) -> bool:
    return is_officer(user)


@permission("privacy.answer_request")
def answer_request(user: Any, asked: RightsRequest | None) -> bool:
    return is_officer(user)


@permission("privacy.view_retention")
def view_retention(user: Any, row: Any) -> bool:
    return is_officer(user)


@permission("privacy.change_retention")
def change_retention(user: Any, row: Any) -> bool:
    return is_officer(user)


@permission("privacy.view_registers")
def view_registers(user: Any, row: Any) -> bool:
    return is_officer(user)


@permission("privacy.change_registers")
def change_registers(user: Any, row: Any) -> bool:
    return is_officer(user)


@permission("privacy.view_breaches")
def view_breaches(user: Any, breach: Breach | None) -> bool:
    """Security notices most breaches; the data-protection officer decides whom to tell."""
    return is_officer(user) or bool(user.has_role(Role.SECURITY_OFFICER))


@permission("privacy.change_breach")
def change_breach(user: Any, breach: Breach | None) -> bool:
    return view_breaches(user, breach) and (breach is None or breach.closed_at is None)


@permission("privacy.view_clearances")
def view_clearances(user: Any, clearance: Clearance | None) -> bool:
    return is_officer(user)


@permission("privacy.grant_clearance")
def grant_clearance(user: Any, clearance: None) -> bool:
    return is_officer(user)


@permission("privacy.end_clearance")
def end_clearance(user: Any, clearance: Clearance | None) -> bool:
    return is_officer(user)
