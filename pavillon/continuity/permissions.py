"""Who sees how the platform stands, and who keeps its registers. The status page is everybody's."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.continuity.models import OFFICERS, WATCHERS, Certificate, Check, Maintenance
from pavillon.core.permissions import permission, sees


@permission("continuity.today")
def today(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("continuity.availability")
def availability(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("continuity.backups")
def backups(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("continuity.certificates")
def certificates(user: User, subject: Any) -> bool:
    return user.role in WATCHERS


@permission("continuity.create_certificate", writes=Certificate)
def create_certificate(user: User, subject: Any) -> bool:
    return user.role in OFFICERS


@permission("continuity.change_certificate", writes=Certificate)
def change_certificate(user: User, certificate: Certificate | None) -> bool:
    return user.role in OFFICERS and (certificate is None or sees(user, certificate))


@permission("continuity.remove_certificate", writes=Certificate)
def remove_certificate(user: User, certificate: Certificate | None) -> bool:
    return change_certificate(user, certificate)


@permission("continuity.announce_work", writes=Maintenance)
def announce_work(user: User, subject: Any) -> bool:
    return user.role in OFFICERS


@permission("continuity.cancel_work", writes=Maintenance)
def cancel_work(user: User, work: Maintenance | None) -> bool:
    if work is None:
        return user.role in OFFICERS
    return user.role in OFFICERS and sees(user, work) and work.cancelled_at is None


@permission("continuity.test_access", writes=Check)
def test_access(user: User, subject: Any) -> bool:
    return user.role in OFFICERS
