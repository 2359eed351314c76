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
from pavillon.accounts.models.people import User, UserManager, UserQuerySet, known_zones
from pavillon.accounts.models.sign_in import (
    Attempts,
    FactorRule,
    IdentityProvider,
    Letter,
    ProviderSession,
    SignInGuard,
)
from pavillon.accounts.models.territory import Correspondent, OneStopShop, ShopMember

__all__ = [
    "Attempts",
    "Correspondent",
    "FactorRule",
    "IdentityProvider",
    "Letter",
    "Membership",
    "MembershipQuerySet",
    "Office",
    "OneStopShop",
    "Organisation",
    "OrganisationQuerySet",
    "PeopleImport",
    "ProviderSession",
    "ShopMember",
    "SignInGuard",
    "Unit",
    "User",
    "UserManager",
    "UserQuerySet",
    "known_zones",
]
