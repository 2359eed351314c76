"""The services of the agency and its partners, and the few figures of surveys."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.reference.enums import Currency
from pavillon.reference.models import Named
from pavillon.services.enums import VAT_RATES, ServiceKind, Unit, VatRule

CATALOGUE_READERS = LEAD_READERS | {Role.PLATFORM_ADMIN, Role.ORGANISATION_ADMIN}


def with_vat(amount, rule):
    """An amount with its tax, to the cent."""
    return (amount * (100 + VAT_RATES[VatRule(rule)]) / 100).quantize(Decimal("0.01"))


class ServiceQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The catalogue is known to the whole team."""
        return self if user.role in CATALOGUE_READERS else self.none()

    def offered(self):
        return self.filter(is_active=True)


class Service(Named, Dated):
    """Something that an organisation of the team does for a company at a price: a VIE, a mission, a study.

    Not a *solution* (room `solutions`): that is an offer to read about and to ask for, of any provider, published on
    the sites; this is ordered, delivered and judged. A retired service is no longer ordered; its orders stay.
    """

    kind = models.CharField(_("kind"), max_length=14, choices=ServiceKind)
    provider = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="services", verbose_name=_("provider")
    )
    about_fr = models.TextField(_("description in French"), blank=True)
    about_en = models.TextField(_("description in English"), blank=True)
    price = models.DecimalField(
        _("price without tax"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(_("price for"), max_length=5, choices=Unit, default=Unit.WHOLE)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.EUR)
    vat = models.CharField(_("VAT"), max_length=12, choices=VatRule, default=VatRule.STANDARD)
    delivery_days = models.PositiveSmallIntegerField(
        _("delivery delay (days)"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    is_active = models.BooleanField(_("offered"), default=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        ordering = ["name_fr", "pk"]
        indexes = [models.Index(fields=["is_active", "kind"], name="service_by_kind")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "name_fr"], name="service_named_once_by_its_provider"),
            models.CheckConstraint(condition=Q(price__gte=0), name="service_price_not_negative"),
            models.CheckConstraint(condition=Q(delivery_days__gte=1), name="service_takes_a_day"),
        ]

    def get_absolute_url(self):
        return reverse("services:view_service", args=[self.pk])

    @property
    def about(self):
        told = (
            (self.about_fr, self.about_en)
            if (get_language() or "fr").startswith("fr")
            else (self.about_en, self.about_fr)
        )
        return told[0] or told[1]

    @property
    def price_with_vat(self):
        return with_vat(self.price, self.vat)


class SurveySettings(models.Model):
    """When companies are asked, and when somebody is alerted: one row, edited on a screen."""

    reminder_days = models.PositiveSmallIntegerField(
        _("reminder after (days)"), default=10, validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Without an answer the company is reminded once."),
    )  # fmt: skip
    impact_days = models.PositiveSmallIntegerField(
        _("impact survey after (days)"), default=180, validators=[MinValueValidator(1), MaxValueValidator(1500)],
        help_text=_("Counted from the delivery. Surveys that are planned keep their day."),
    )  # fmt: skip
    open_days = models.PositiveSmallIntegerField(
        _("a link answers for (days)"), default=120, validators=[MinValueValidator(7), MaxValueValidator(730)]
    )
    low_score = models.PositiveSmallIntegerField(
        _("alert up to the score"), default=5, validators=[MaxValueValidator(9)],
        help_text=_("Of 10. The manager of the adviser, and who delivered, are told at once."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("settings of surveys")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="survey_settings_are_one_row"),
            models.CheckConstraint(
                condition=Q(reminder_days__gte=1, impact_days__gte=1, open_days__gte=7, low_score__lte=9),
                name="survey_settings_are_sane",
            ),
        ]

    def __str__(self):
        return _gettext("Settings of surveys")
