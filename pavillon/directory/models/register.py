"""The official register, kept beside the base."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisterUnit(models.Model):
    """A legal unit of the SIRENE register as published, kept beside the shared base.

    Column names follow StockUniteLegale; address and activity come from the head office's establishment.
    `diffusion` "P" is a partial diffusion: the person's name and address must never be shown.
    """

    siren = models.CharField(primary_key=True, max_length=9)
    legal_name = models.CharField(max_length=250)
    trade_name = models.CharField(max_length=250, blank=True)
    activity_code = models.CharField(max_length=6, blank=True)
    activity_code_2025 = models.CharField(max_length=6, blank=True)
    legal_category_code = models.CharField(max_length=4, blank=True)
    workforce_band_code = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=3, blank=True)
    head_office_siret = models.CharField(max_length=14, blank=True)
    address = models.CharField(max_length=250, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    created_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    diffusion = models.CharField(max_length=1, default="O")
    is_synthetic = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    # What the two files said last: a row whose digest is unchanged is not written again.
    row_hash = models.BinaryField(max_length=16, null=True)
    office_hash = models.BinaryField(max_length=16, null=True)

    class Meta:
        verbose_name = _("register entry")

    def __str__(self):
        return f"{self.siren} {self.public_name}"

    @property
    def is_public(self):
        return self.diffusion == "O"

    @property
    def shows_its_name(self):
        """A partial diffusion hides the name of a person; the name of a legal person stays public."""
        return self.is_public or self.legal_category_code[:1] not in ("", "1")

    @property
    def public_name(self):
        """What may be shown of its name."""
        if self.shows_its_name and self.legal_name:
            return self.legal_name
        return _("Company %(siren)s (name not published)") % {"siren": self.siren}

    @property
    def public_address(self):
        return self.address if self.is_public else ""
