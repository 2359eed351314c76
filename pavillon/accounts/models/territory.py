"""Who stands for the team where: one one-stop shop per region, one correspondent per foreign country."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models.organisations import DatedQuerySet, Organisation, period
from pavillon.core.models import Dated, VisibleQuerySet


class OneStopShopQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.is_team else self.none()


class OneStopShop(Dated):
    """The single team of a French region (ledger IDN-01, IDN-11): one per region, several organisations."""

    region = models.OneToOneField(
        "reference.Region", primary_key=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    email = models.EmailField(_("shared e-mail"), blank=True)
    phone = models.CharField(_("shared phone"), max_length=24, blank=True)

    objects = OneStopShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-stop shop")
        ordering = ["region"]

    def __str__(self):
        return str(self.region)


class PlaceQuerySet(DatedQuerySet):
    def seen_by(self, user):
        return self if user.is_team else self.none()

    def current(self):
        return self.on(timezone.localdate())


class ShopMember(models.Model):
    """An organisation's seat in a one-stop shop over a period."""

    shop = models.ForeignKey(OneStopShop, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in a one-stop shop")
        ordering = ["shop", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="seat_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_seat_per_organisation_at_a_time",
                expressions=[
                    ("shop", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (period(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Correspondent(Dated):
    """The one organisation that stands for the team in a foreign country over a period (ledger IDN-01)."""

    country = models.ForeignKey(
        "reference.Country", on_delete=models.PROTECT, related_name="+", verbose_name=_("country")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="countries", verbose_name=_("organisation")
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("correspondent")
        ordering = ["country", "-starts_on"]
        constraints = [
            models.CheckConstraint(condition=~Q(country="FR"), name="correspondent_is_abroad"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="correspondent_ends_after_start",
            ),
            ExclusionConstraint(
                name="one_correspondent_per_country_at_a_time",
                expressions=[("country", RangeOperators.EQUAL), (period(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.country})"

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)
