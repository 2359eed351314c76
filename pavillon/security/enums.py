from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a data key is for. One key never serves two purposes."""

    VALUES = "values", _("Personal values")
    INDEX = "index", _("Search on personal values")
    LOG = "log", _("Lines of the logs")
