from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """The four stages from a look to a handled request, in their order."""

    VIEWS = "views", _("Views")
    ENQUIRIES = "enquiries", _("Enquiries of buyers")
    LEADS = "leads", _("Requests of companies")
    TAKEN = "taken", _("Requests taken charge")


class GroupBy(models.TextChoices):
    REGION = "region", _("Region")
    COMPANY = "company", _("Company")
    VERTICAL = "vertical", _("Vertical")


class Span(models.TextChoices):
    """Periods offered with one click."""

    TODAY = "today", _("Today")
    WEEK = "week", _("Last 7 days")
    MONTH = "month", pgettext_lazy("period", "This month")
    QUARTER = "quarter", _("Last 90 days")
    START = "start", _("Since the start")
