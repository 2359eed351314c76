"""The markets of a company: where it sells or wants to, what, and how far it has come."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import Maturity
from pavillon.directory.models.companies import Company
from pavillon.reference.models import Country, Sector


class MarketQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Markets follow the card of their company."""
        return self.filter(company__in=Company.objects.seen_by(user).values("pk"))


class Market(Dated):
    """One country for one sector of a company, and its maturity (ledger BASE-01)."""

    company = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="markets", verbose_name=_("company")
    )
    country = models.ForeignKey(Country, on_delete=models.PROTECT, verbose_name=_("country"))
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("sector"))
    maturity = models.CharField(_("maturity"), max_length=11, choices=Maturity, default=Maturity.CONSIDERED)
    since = models.DateField(_("since"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = MarketQuerySet.as_manager()

    class Meta:
        verbose_name = _("market")
        ordering = ["country", "sector"]
        constraints = [
            models.UniqueConstraint(fields=["company", "country", "sector"], name="market_once", nulls_distinct=False)
        ]
        indexes = [models.Index(fields=["country", "maturity", "company"], name="market_by_country")]

    def __str__(self):
        return " · ".join(str(part) for part in (self.country, self.sector) if part)

    @property
    def removal_url(self):
        return reverse("directory:remove_market", args=[self.pk])
