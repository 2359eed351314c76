"""People who sign in, the organisations that they work for, and in which role."""

from pavillon.accounts.models.imports import PeopleImport
from pavillon.accounts.models.organisations import (
    Membership,
    MembershipQuerySet,
    Office,
    Organisation,
    OrganisationQuerySet,
    Unit,
)
from pavillon.accounts.models.people import User, UserManager, UserQuerySet
from pavillon.accounts.models.sign_in import Attempts, IdentityProvider, Letter, SignInGuard
from pavillon.accounts.models.territory import Correspondent, OneStopShop, ShopMember

__all__ = [
    "Attempts",
    "Correspondent",
    "IdentityProvider",
    "Letter",
    "Membership",
    "MembershipQuerySet",
    "Office",
    "OneStopShop",
    "Organisation",
    "OrganisationQuerySet",
    "PeopleImport",
    "ShopMember",
    "SignInGuard",
    "Unit",
    "User",
    "UserManager",
    "UserQuerySet",
]
