from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What an incident of the platform itself is about."""

    OUTAGE = "outage", _("Outage")
    RATE = "rate", _("Availability under its target")
    BACKUP = "backup", _("No recent backup")
    ARCHIVE = "archive", _("The log of the database is not copied")
    RESTORE_TEST = "restore_test", _("No recent restore test, or one that failed")
    CERTIFICATE = "certificate", _("A certificate ends soon")


class Standard(models.TextChoices):
    """What a certificate attests."""

    ISO_27001 = "iso_27001", "ISO/IEC 27001"
    ISO_27018 = "iso_27018", "ISO/IEC 27018"
    ISO_27701 = "iso_27701", "ISO/IEC 27701"
    HDS = "hds", "HDS"
    SECNUMCLOUD = "secnumcloud", "SecNumCloud"
    TLS = "tls", _("TLS certificate")
    OTHER = "other", pgettext_lazy("certificate", "Other")


class CheckKind(models.TextChoices):
    """What the installation was asked about itself."""

    ACCESS = "access", _("Access tests")
    LOGS = "logs", _("Verification of the logs")


class EventKind(models.TextChoices):
    """What else happened to the platform."""

    RESTORED = "restored", _("Put back from a backup")
    TAKEN_OVER = "taken_over", _("Second site took over")
    RENEWED = "renewed", _("New version served, without a stop")


class Reason(models.TextChoices):
    """Why the platform was counted as down."""

    NO_ANSWER = "no_answer", _("no answer")
    SLOW = "slow", _("answer too late")
    ERROR = "error", _("the server answered with an error")
    DATABASE = "database", _("the database was away")
    MIGRATIONS = "migrations", _("the database was not up to date")
    REFERENCE_DATA = "reference_data", _("reference data were missing")
