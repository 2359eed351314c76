from django.db import models
from django.utils.translation import gettext_lazy as _


class Family(models.TextChoices):
    FRENCH = "french", _("French company")
    FOREIGN = "foreign", _("Foreign group")


class ExportClass(models.TextChoices):
    """How a company stands towards export (ledger LEAD-02)."""

    NOT_EXPORTER = "not_exporter", _("Does not export")
    POTENTIAL = "potential", _("Potential exporter")
    OCCASIONAL = "occasional", _("Occasional exporter")
    REGULAR = "regular", _("Regular exporter")


class Size(models.TextChoices):
    """INSEE category of the company."""

    PME = "PME", _("SME")
    ETI = "ETI", _("Mid-cap")
    GE = "GE", _("Large company")
    UNKNOWN = "", _("Not known")


class MergeKind(models.TextChoices):
    """What two merged records are; the values are names of models of this room."""

    COMPANY = "company", _("Company")
    CONTACT = "contact", _("Contact")

    @classmethod
    def of(cls, record):
        """The kind of a company or contact. Raises ValueError for anything else."""
        return cls(record._meta.model_name)
