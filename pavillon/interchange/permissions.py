from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.interchange.models import Key

KEY_HOLDERS = frozenset({Role.ORGANISATION_ADMIN, Role.PLATFORM_ADMIN})
# A key speaks for its maker: those whose own sight is worth a system of theirs, none who needs a second factor.
KEY_MAKERS = frozenset({Role.ORGANISATION_ADMIN, Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER, Role.OPERATOR})


@permission("interchange.view_keys")
def view_keys(user: User, key: Key | None) -> bool:
    """Administrators those of their organisation, makers their own."""
    return user.role in KEY_HOLDERS | KEY_MAKERS | {Role.SECURITY_OFFICER}


@permission("interchange.create_key")
def create_key(user: User, key: Key | None) -> bool:
    return user.role in KEY_MAKERS


@permission("interchange.revoke_key")
def revoke_key(user: User, key: Key | None) -> bool:
    mine = key is None or key.membership.user_id == user.pk
    return user.role in KEY_HOLDERS | {Role.SECURITY_OFFICER} or (user.role in KEY_MAKERS and mine)


@permission("interchange.read_documentation")
def read_documentation(user: User, subject: None) -> bool:
    return user.is_team
