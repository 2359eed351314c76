from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Subject(models.TextChoices):
    """What a segment or a file is made of; the words of the lists' addresses."""

    COMPANIES = "companies", _("Companies")
    CONTACTS = "contacts", _("Contacts")


class Sharing(models.TextChoices):
    """Who finds a segment, a tag or a view."""

    PERSONAL = "personal", _("Me only")
    ORGANISATION = "organisation", _("My organisation")
    NETWORK = "network", _("The whole export team")


class ListOrigin(models.TextChoices):
    """Who recommends a target list (ledger PLAN-09)."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales management")


class Gesture(models.TextChoices):
    """What was done to many rows at once."""

    TAG = "tag", _("Tag added")
    TARGET = "target", _("Put in a target list")


class ExportState(models.TextChoices):
    """How far a file went; see the table of `ExportFile`."""

    BLOCKED = "blocked", _("Blocked")
    WAITING = "waiting", _("Waits for approval")
    REFUSED = "refused", _("Refused")
    QUEUED = "queued", _("Waits for its turn")
    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", pgettext_lazy("export", "Expired")


class Layout(models.TextChoices):
    """The heads of a file: words for people, stable names for machines."""

    WORDS = "words", _("Headings in words")
    EXCHANGE = "exchange", _("Stable names, for re-import")
