"""Where a company works: the establishments of the register, and sites that it does not know."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.models.companies import Company
from pavillon.reference.models import Activity, Commune, Country, WorkforceBand


class EstablishmentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Sites follow the card of their company."""
        return self.filter(company__in=Company.objects.seen_by(user).values("pk"))

    def open(self):
        return self.filter(closed_on__isnull=True)


class Establishment(Dated):
    """A place of a company. In France it has a SIRET, whose first nine digits are the company's SIREN."""

    company = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="establishments", verbose_name=_("company")
    )
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=250, blank=True, default="", db_default="")
    is_head_office = models.BooleanField(_("head office"), db_default=False, default=False)
    address = models.CharField(_("address"), max_length=250, blank=True, default="", db_default="")
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, default="", db_default="")
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("commune"))
    town = models.CharField(_("town"), max_length=120, blank=True, default="", db_default="")
    country = models.ForeignKey(Country, default="FR", on_delete=models.PROTECT, verbose_name=_("country"))
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("activity"))
    workforce_band = models.ForeignKey(
        WorkforceBand, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("headcount band")
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    # The register rules these rows: people read them and ask for corrections.
    is_from_register = models.BooleanField(db_default=False, default=False, editable=False)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("establishment")
        ordering = ["-is_head_office", "closed_on", "siret", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siret__isnull=True) | Q(siret__regex=r"^[0-9]{14}$"), name="siret_has_fourteen_digits"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="establishment_closes_after_opening",
            ),
        ]

    def __str__(self):
        return self.name or self.place

    @property
    def place(self):
        """Town, and its country when it is abroad."""
        town = self.commune.name if self.commune else self.town
        return town if self.country_id == "FR" else ", ".join(part for part in (town, str(self.country)) if part)

    @property
    def removal_url(self):
        """Where it is taken away; nowhere when the register rules it."""
        return "" if self.is_from_register else reverse("directory:remove_establishment", args=[self.pk])

    @property
    def is_open(self):
        return self.closed_on is None
