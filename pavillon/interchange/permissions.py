from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.interchange.models import Key

KEY_HOLDERS = frozenset({Role.ORGANISATION_ADMIN, Role.PLATFORM_ADMIN})


@permission("interchange.view_keys")
def view_keys(user: User, key: Key | None) -> bool:
    return user.role in KEY_HOLDERS | {Role.SECURITY_OFFICER}


@permission("interchange.create_key")
def create_key(user: User, key: Key | None) -> bool:
    return user.role in KEY_HOLDERS


@permission("interchange.revoke_key")
def revoke_key(user: User, key: Key | None) -> bool:
    return user.role in KEY_HOLDERS | {Role.SECURITY_OFFICER}


@permission("interchange.read_documentation")
def read_documentation(user: User, subject: None) -> bool:
    return user.is_team
