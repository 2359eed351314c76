from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a data key is for. One key never serves two purposes."""

    VALUES = "values", _("Personal values")
    FILES = "files", _("Stored files")
    INDEX = "index", _("Search on personal values")
    LOG = "log", _("Lines of the logs")
    ENTRANCE = "entrance", _("Secrets of second factors")


# What the key-holders alone can open: wrapped by their master key, locked when they revoke it.
HELD = (Purpose.VALUES, Purpose.FILES, Purpose.INDEX)
# What the platform needs to let its key-holders in and to keep its logs while data are locked.
KEPT = (Purpose.LOG, Purpose.ENTRANCE)
# Their old keys stay in use for what they closed; the digests of the search would all have to be computed again.
ROTATING = (Purpose.VALUES, Purpose.FILES, Purpose.LOG, Purpose.ENTRANCE)


class Source(models.TextChoices):
    """Where the master key is that wraps a data key."""

    FILE = "file", _("File")
    SERVICE = "service", _("Key service")
    TOKEN = "token", _("Hardware module (PKCS#11)")
    LOCAL = "local", _("Platform's own file")


class Step(models.TextChoices):
    """What two key-holders decide together."""

    REVOKE = "revoke", _("Revoke the keys")
    SPLIT = "split", _("Split a new recovery secret")


class Stage(models.TextChoices):
    """How far a proposal is."""

    WAITING = "waiting", _("Waits for a second key-holder")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")
