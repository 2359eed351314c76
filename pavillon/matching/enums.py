from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordKind(models.TextChoices):
    """What is matched."""

    COMPANY = "company", _("companies")
    PERSON = "person", _("people")


class Origin(models.TextChoices):
    """Who says that two records are, or are not, one thing."""

    PERSON = "person", _("a person decided")
    IDENTITY = "identity", _("both identity numbers are known")
    UNDONE_MERGE = "undone_merge", _("a merge was undone")
    INVENTED = "invented", _("invented records, whose truth is known")
