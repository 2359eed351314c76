from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """What a column speaks of."""

    COMPANY = "company", _("Company")
    CONTACT = "contact", _("Contact")
    ROW = "row", _("The row itself")
