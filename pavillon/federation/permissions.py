"""Who registers sites, and who sees where somebody signs in."""

from pavillon.accounts.enums import ALL_PEOPLE_ROLES, Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.federation.models import SigningKey, Site, SiteAccess


@permission("federation.view_sites")
def view_sites(user: User, site: Site | None) -> bool:
    return user.role in ALL_PEOPLE_ROLES


@permission("federation.change_site", writes=Site)
def change_site(user: User, site: Site | None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("federation.renew_signing_key", writes=SigningKey)
def renew_signing_key(user: User, subject: None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN, Role.SECURITY_OFFICER)


@permission("federation.view_my_sites")
def view_my_sites(user: User, subject: None) -> bool:
    """Everybody his own."""
    return True


@permission("federation.revoke_access", writes=SiteAccess)
def revoke_access(user: User, access: SiteAccess | None) -> bool:
    return access is None or access.user_id == user.pk
