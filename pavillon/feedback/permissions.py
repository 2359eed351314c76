"""Everybody who signed in may speak; those who run the platform answer."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.feedback.models import RUNNERS, Decision, Feedback


def _runs(user: User, feedback: Feedback | None) -> bool:
    return user.role in RUNNERS and (feedback is None or sees(user, feedback))


@permission("feedback.send_feedback")
def send_feedback(user: User, subject: Any) -> bool:
    return bool(user.is_active)


@permission("feedback.my_feedback")
def my_feedback(user: User, subject: Any) -> bool:
    return bool(user.is_active)


@permission("feedback.view_feedback")
def view_feedback(user: User, feedback: Feedback | None) -> bool:
    return bool(user.is_active) and (feedback is None or sees(user, feedback))


@permission("feedback.triage_feedback")
def triage_feedback(user: User, subject: Any) -> bool:
    return user.role in RUNNERS


@permission("feedback.decide_feedback")
def decide_feedback(user: User, feedback: Feedback | None) -> bool:
    """A duplicate follows the remark that it was joined to."""
    return _runs(user, feedback) and (feedback is None or feedback.joined_to_id is None)


@permission("feedback.join_feedback")
def join_feedback(user: User, feedback: Feedback | None) -> bool:
    return decide_feedback(user, feedback)


@permission("feedback.part_feedback")
def part_feedback(user: User, feedback: Feedback | None) -> bool:
    return _runs(user, feedback) and (feedback is None or feedback.joined_to_id is not None)


@permission("feedback.publish_decision")
def publish_decision(user: User, feedback: Feedback | None) -> bool:
    return decide_feedback(user, feedback)


@permission("feedback.view_decisions")
def view_decisions(user: User, subject: Any) -> bool:
    return bool(user.is_active)


@permission("feedback.support_decision")
def support_decision(user: User, decision: Decision | None) -> bool:
    return bool(user.is_active) and (decision is None or sees(user, decision))


@permission("feedback.view_satisfaction")
def view_satisfaction(user: User, subject: Any) -> bool:
    return user.role in RUNNERS
