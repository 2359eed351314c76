"""The channels that a campaign takes, how far it is, and how what it brought is attributed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """A way of reaching companies (ledger JOUR-08)."""

    WEB = "web", _("Web")
    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail and e-mail")
    SHOW = "show", _("Shows and events")
    VISIT = "visit", _("Visits")
    OTHER = "other", pgettext_lazy("channel", "Other")


class Phase(models.TextChoices):
    """How far a campaign is; told by its days, and by whether somebody closed it."""

    PLANNED = "planned", pgettext_lazy("campaign", "Planned")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    OVER = "over", pgettext_lazy("campaign", "Over")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")


class Attribution(models.TextChoices):
    """Which touches get the credit of a request or of an order (decision 0040)."""

    COMBINED = "combined", _("Combined: every touch an equal share")
    FIRST = "first", _("First touch")
    LAST = "last", _("Last touch")
