"""Who may do what with budgets, rules and incidents. Security officers decide, never about themselves."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.vigilance.enums import Stage, State
from pavillon.vigilance.models import Exemption, Extension, Incident, ReadingLimit, Rehearsal, Rule
from pavillon.vigilance.models.budgets import OFFICERS, WATCHERS


def _decides(user: User, about: int | None) -> bool:
    return user.role in OFFICERS and about != user.pk


@permission("vigilance.read_incidents")
def read_incidents(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("vigilance.read_incident")
def read_incident(user: User, incident: Incident | None) -> bool:
    return user.role in WATCHERS and (incident is None or sees(user, incident))


@permission("vigilance.look_at_incident", writes=Incident)
def look_at_incident(user: User, incident: Incident | None) -> bool:
    """Nobody handles what was noticed about himself."""
    if incident is None:
        return user.role in OFFICERS
    return _decides(user, incident.user_id) and sees(user, incident) and incident.state == State.NEW


@permission("vigilance.close_incident", writes=Incident)
def close_incident(user: User, incident: Incident | None) -> bool:
    if incident is None:
        return user.role in OFFICERS
    return _decides(user, incident.user_id) and sees(user, incident) and incident.is_open


@permission("vigilance.lift_incident", writes=Incident)
def lift_incident(user: User, incident: Incident | None) -> bool:
    """End the suspension that came of an incident."""
    if incident is None:
        return user.role in OFFICERS
    return _decides(user, incident.user_id) and sees(user, incident)


@permission("vigilance.read_rules")
def read_rules(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("vigilance.read_rule")
def read_rule(user: User, rule: Rule | None) -> bool:
    return user.role in WATCHERS and (rule is None or sees(user, rule))


@permission("vigilance.create_rule", writes=Rule)
def create_rule(user: User, subject: Any) -> bool:
    return user.role in OFFICERS


@permission("vigilance.change_rule", writes=Rule)
def change_rule(user: User, rule: Rule | None) -> bool:
    return user.role in OFFICERS and (rule is None or sees(user, rule))


@permission("vigilance.rehearse_rule", writes=Rehearsal)
def rehearse_rule(user: User, rule: Rule | None) -> bool:
    return user.role in OFFICERS and (rule is None or sees(user, rule))


@permission("vigilance.read_rehearsal")
def read_rehearsal(user: User, rehearsal: Rehearsal | None) -> bool:
    return user.role in WATCHERS and (rehearsal is None or sees(user, rehearsal))


@permission("vigilance.exempt_person", writes=Exemption)
def exempt_person(user: User, subject: Any) -> bool:
    return user.role in OFFICERS


@permission("vigilance.end_exemption", writes=Exemption)
def end_exemption(user: User, exemption: Exemption | None) -> bool:
    if exemption is None:
        return user.role in OFFICERS
    return user.role in OFFICERS and sees(user, exemption) and exemption.ended_at is None


@permission("vigilance.read_limits")
def read_limits(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("vigilance.change_limit", writes=ReadingLimit)
def change_limit(user: User, subject: Any) -> bool:
    return user.role in OFFICERS


@permission("vigilance.end_limit", writes=ReadingLimit)
def end_limit(user: User, limit: ReadingLimit | None) -> bool:
    """The limit of everybody is changed, never taken away."""
    if limit is None:
        return user.role in OFFICERS
    is_narrow = bool(limit.role or limit.organisation_id)
    return user.role in OFFICERS and sees(user, limit) and is_narrow and limit.ended_at is None


@permission("vigilance.my_reading")
def my_reading(user: User, subject: Any) -> bool:
    """Everybody signed in: his own figures."""
    return bool(user.is_authenticated)


@permission("vigilance.ask_extension", writes=Extension)
def ask_extension(user: User, subject: Any) -> bool:
    return bool(user.is_authenticated)


@permission("vigilance.read_extension")
def read_extension(user: User, extension: Extension | None) -> bool:
    return extension is None or sees(user, extension)


@permission("vigilance.grant_extension", writes=Extension)
def grant_extension(user: User, extension: Extension | None) -> bool:
    if extension is None:
        return user.role in OFFICERS
    return _decides(user, extension.user_id) and sees(user, extension) and extension.stage == Stage.ASKED


@permission("vigilance.refuse_extension", writes=Extension)
def refuse_extension(user: User, extension: Extension | None) -> bool:
    return grant_extension(user, extension)
