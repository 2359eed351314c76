from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.security.models import KEY_HOLDERS, KEY_READERS, KeyProposal, RecoveryShare
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


@permission("security.read_keys")
def read_keys(user: User, subject: None) -> bool:
    return user.has_role(*KEY_READERS)


@permission("security.rotate_keys")
def rotate_keys(user: User, subject: None) -> bool:
    return user.has_role(*KEY_HOLDERS)


@permission("security.propose_key_step")
def propose_key_step(user: User, subject: None) -> bool:
    return user.has_role(*KEY_HOLDERS)


@permission("security.confirm_key_step", writes=KeyProposal)
def confirm_key_step(user: User, proposal: KeyProposal | None) -> bool:
    """Never one's own: two holders decide."""
    if not user.has_role(*KEY_HOLDERS):
        return False
    return proposal is None or (sees(user, proposal) and proposal.asked_by_id != user.pk)


@permission("security.withdraw_key_step", writes=KeyProposal)
def withdraw_key_step(user: User, proposal: KeyProposal | None) -> bool:
    return user.has_role(*KEY_HOLDERS) and (proposal is None or sees(user, proposal))


@permission("security.collect_share", writes=RecoveryShare)
def collect_share(user: User, share: RecoveryShare | None) -> bool:
    """One's own share only."""
    return user.has_role(*KEY_HOLDERS) and (share is None or sees(user, share))


@permission("security.rebuild_keys")
def rebuild_keys(user: User, subject: None) -> bool:
    return user.has_role(*KEY_HOLDERS)
