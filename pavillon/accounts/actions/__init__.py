"""What is done to people, memberships, organisations and the entrance. The room's doors are re-exported here."""

from pavillon.accounts.actions.memberships import (
    AlreadyMember,
    WrongRole,
    add_membership,
    change_membership,
    end_membership,
    switch_membership,
)
from pavillon.accounts.actions.organisations import (
    NameTaken,
    change_organisation,
    create_office,
    create_organisation,
    create_unit,
)
from pavillon.accounts.actions.people import (
    EmailTaken,
    change_profile,
    change_user,
    create_user,
    deactivate_user,
    forget_user,
    reactivate_user,
)
from pavillon.accounts.actions.territory import (
    CountryTaken,
    WrongCorrespondent,
    compose_shop,
    end_correspondent,
    name_correspondent,
)

__all__ = [
    "AlreadyMember",
    "CountryTaken",
    "EmailTaken",
    "NameTaken",
    "WrongCorrespondent",
    "WrongRole",
    "add_membership",
    "change_membership",
    "change_organisation",
    "change_profile",
    "change_user",
    "compose_shop",
    "create_office",
    "create_organisation",
    "create_unit",
    "create_user",
    "deactivate_user",
    "end_correspondent",
    "end_membership",
    "forget_user",
    "name_correspondent",
    "reactivate_user",
    "switch_membership",
]
