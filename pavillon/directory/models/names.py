"""Names that a company bore before."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerName(models.Model):
    """A name that a company no longer bears: whoever remembers it finds the company all the same.

    Kept at each change of a name, by whatever hand. Names of records that were merged away stay on those records.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("name"), max_length=250)
    # As names are compared.
    match_name = models.CharField(max_length=250)
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("former name")
        ordering = ["-until", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "match_name"], name="former_name_once")]
        indexes = [
            models.Index(fields=["match_name", "company"], name="former_name_begins"),
            GinIndex(fields=["match_name"], opclasses=["gin_trgm_ops"], name="former_name_trgm"),
        ]

    def __str__(self):
        return self.name
