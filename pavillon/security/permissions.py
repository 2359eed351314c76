from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.security.models.logs import AUDITORS

MATRIX_EDITORS = (Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN)


@permission("security.read_policy")
def read_policy(user: User, subject: None) -> bool:
    return user.has_role(*MATRIX_EDITORS, Role.DATA_PROTECTION_OFFICER)


@permission("security.change_policy")
def change_policy(user: User, subject: None) -> bool:
    return user.has_role(*MATRIX_EDITORS)


@permission("security.preview_policy")
def preview_policy(user: User, subject: None) -> bool:
    return read_policy(user, subject)


@permission("security.export_policy")
def export_policy(user: User, subject: None) -> bool:
    return read_policy(user, subject)


@permission("security.find_record")
def find_record(user: User, subject: None) -> bool:
    return user.has_role(*AUDITORS)


@permission("security.audit_record")
def audit_record(user: User, subject: object) -> bool:
    return user.has_role(*AUDITORS)


@permission("security.audit_person")
def audit_person(user: User, person: User | None) -> bool:
    return user.has_role(*AUDITORS)


@permission("security.export_audit")
def export_audit(user: User, subject: None) -> bool:
    return user.has_role(*AUDITORS)
