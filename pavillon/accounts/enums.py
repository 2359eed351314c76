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


# Roles whose people work for the export team, as opposed to companies and buyers.
TEAM_ROLES = frozenset(Role) - {Role.COMPANY_MANAGER, Role.SELLER, Role.BUYER}
COMPANY_ROLES = frozenset({Role.COMPANY_MANAGER, Role.SELLER})
