from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Where an organisation acts (ledger IDN-02)."""

    REGIONAL = "regional", _("Regional")
    NATIONAL = "national", _("National")
    INTERNATIONAL = "international", _("International")


class Kind(models.TextChoices):
    """What an organisation is."""

    AGENCY = "agency", _("Agency")
    CHAMBER = "chamber", _("Chamber of commerce")
    BANK = "bank", _("Bank")
    REGION = "region", _("Regional council")
    PARTNER = "partner", _("Private partner abroad")
    OPERATOR = "operator", _("Operator")
    COMPANY = "company", _("Company")
    BUYER = "buyer", _("Foreign buyer")


class Role(models.TextChoices):
    """What a person does in one organisation. The privilege matrix is written per role."""

    ADVISER = "adviser", _("Adviser")
    TEAM_MANAGER = "team_manager", _("Team manager")
    TELE_PROSPECTOR = "tele_prospector", _("Tele-prospector")
    SALES = "sales", _("Sales engineer")
    SHOWROOM_MANAGER = "showroom_manager", _("Showroom manager")
    EDITOR = "editor", _("Content editor")
    REGION_OFFICIAL = "region_official", _("Region official")
    PRIVATE_PARTNER = "private_partner", _("Private partner")
    ORGANISATION_ADMIN = "organisation_admin", _("Organisation administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data-protection officer")
    KEY_HOLDER = "key_holder", _("Key-holder")
    OPERATOR = "operator", _("Operator")
    PLATFORM_ADMIN = "platform_admin", _("Platform administrator")
    COMPANY_MANAGER = "company_manager", _("Company manager")
    SELLER = "seller", _("Shop manager")
    BUYER = "buyer", _("Professional buyer")


class Network(models.TextChoices):
    """The two adviser networks (ledger IDN-06)."""

    CI = "ci", _("International adviser (CI)")
    CAI = "cai", _("Financing and international adviser (CAI)")
    NONE = "", _("None")


class Side(models.TextChoices):
    """For whom an identity provider is offered."""

    COMPANY = "company", _("Companies")
    TEAM = "team", _("Export team")


class ClientProof(models.TextChoices):
    """How we prove to an identity provider that it is us who asks."""

    SECRET = "secret", _("A secret that the provider gives")
    PRIVATE_KEY = "private_key_jwt", _("A key of ours (private_key_jwt)")


# Roles whose people work for the export team, as opposed to companies and buyers.
TEAM_ROLES = frozenset(Role) - {Role.COMPANY_MANAGER, Role.SELLER, Role.BUYER}
COMPANY_ROLES = frozenset({Role.COMPANY_MANAGER, Role.SELLER})

# Roles that see the people of every organisation.
ALL_PEOPLE_ROLES = frozenset({Role.SECURITY_OFFICER, Role.DATA_PROTECTION_OFFICER, Role.PLATFORM_ADMIN})
# Roles that open other people's data by the whole, or lock them: never with a password alone.
SECOND_FACTOR_ROLES = ALL_PEOPLE_ROLES | {Role.KEY_HOLDER}
# Roles that only the platform administrator gives.
PLATFORM_ROLES = SECOND_FACTOR_ROLES

# Organisations of the export team; a company or a buyer's firm is an owner of accounts only.
PARTNER_KINDS = frozenset(Kind) - {Kind.COMPANY, Kind.BUYER}

# Which roles make sense in which organisation.
_FIELD = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.TELE_PROSPECTOR, Role.SALES, Role.EDITOR})
ROLES_OF_KIND: dict[str, frozenset[Role]] = {
    Kind.AGENCY: frozenset(TEAM_ROLES) - {Role.REGION_OFFICIAL, Role.PRIVATE_PARTNER, Role.OPERATOR},
    Kind.CHAMBER: _FIELD | {Role.ORGANISATION_ADMIN},
    Kind.BANK: _FIELD | {Role.ORGANISATION_ADMIN},
    Kind.REGION: frozenset({Role.REGION_OFFICIAL, Role.EDITOR, Role.ORGANISATION_ADMIN}),
    Kind.PARTNER: frozenset({Role.PRIVATE_PARTNER, Role.ORGANISATION_ADMIN}),
    Kind.OPERATOR: frozenset({Role.OPERATOR, Role.EDITOR, Role.SHOWROOM_MANAGER, Role.ORGANISATION_ADMIN}),
    Kind.COMPANY: COMPANY_ROLES,
    Kind.BUYER: frozenset({Role.BUYER}),
}
