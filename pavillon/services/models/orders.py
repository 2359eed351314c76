"""Services ordered for companies, from the proposal to the delivery."""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.reference.enums import Currency
from pavillon.services.enums import OPEN_ORDERS, PROMISED, OrderState, VatRule
from pavillon.services.models.catalogue import with_vat

# What an order amounts to without tax, discount taken off, to the cent: as `ServiceOrder.total` says it.
AMOUNT = Round(F("price") * F("quantity") * (100 - F("discount_percent")) / 100, precision=2)


class ServiceOrderQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The national agency sees every order, a regional organisation those of its region.

        Everybody else of the team sees what his organisation ordered or provides, and what he ordered or delivers
        himself; a company's manager those of his company. The second wall says the same (migration 0002).
        """
        if user.has_role(Role.COMPANY_MANAGER):
            return self.filter(company__organisation=user.organisation)
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            return self
        mine = Q(organisation=place) | Q(provider=place) | Q(ordered_by=user) | Q(deliverer=user)
        if place.level == Level.REGIONAL and place.region_id:
            mine |= Q(region=place.region_id)
        return self.filter(mine)

    def open(self):
        return self.filter(state__in=OPEN_ORDERS)

    def late(self):
        """What was promised for a day that is over; a proposal promises nothing."""
        return self.filter(state__in=PROMISED, due_on__lt=timezone.localdate())

    def delivered(self):
        return self.filter(state=OrderState.DELIVERED)

    def with_names(self):
        return self.select_related(
            "service", "company", "provider", "organisation", "region", "ordered_by", "deliverer"
        )


class ServiceOrder(Dated):
    """One service ordered for one company, at the price of that moment.

    =========  ===========================================  ==========================
    state      meaning                                      leaves by
    =========  ===========================================  ==========================
    proposed   an adviser proposes it to the company        confirm_order, cancel_order
    ordered    the company wants it                         start_delivery, cancel_order
    started    somebody works on it                         deliver_order, cancel_order
    delivered  done: the company is asked what it thinks    – (the database refuses)
    cancelled  with a reason                                – (the database refuses)
    =========  ===========================================  ==========================

    The database refuses another service or price than the one ordered, and a delivery that asks nobody
    (migration 0002).
    """

    service = models.ForeignKey(
        "services.Service", on_delete=models.PROTECT, related_name="orders", verbose_name=_("service")
    )
    company = models.ForeignKey(
        "directory.Company", on_delete=models.PROTECT, related_name="service_orders", verbose_name=_("company")
    )
    lead = models.ForeignKey(
        "crm.Lead", null=True, on_delete=models.SET_NULL, related_name="service_orders", verbose_name=_("request")
    )
    region = models.ForeignKey(
        "reference.Region", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    provider = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("provider")
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation of the adviser"),
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("adviser")
    )
    deliverer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who delivers")
    )
    price = models.DecimalField(_("price without tax"), max_digits=12, decimal_places=2)
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    vat = models.CharField(_("VAT"), max_length=12, choices=VatRule)
    # Given on purpose, with its reason; the price stays what it was.
    discount_percent = models.DecimalField(
        _("discount (%)"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    discount_reason = models.CharField(_("reason of the discount"), max_length=200, blank=True)
    state = models.CharField(_("step"), max_length=9, choices=OrderState, default=OrderState.PROPOSED)
    due_on = models.DateField(_("delivery planned on"))
    proposed_at = models.DateTimeField(default=timezone.now)
    ordered_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_on = models.DateField(_("delivered on"), null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Of the form with which it was ordered: sent twice, it is one order.
    token = models.UUIDField(null=True, editable=False)

    objects = ServiceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("service order")
        verbose_name_plural = _("service orders")
        ordering = ["-proposed_at", "-pk"]
        indexes = [
            models.Index(fields=["-proposed_at", "-id"], name="service_order_newest"),
            models.Index(fields=["company", "-proposed_at"], name="service_order_by_company"),
            models.Index(fields=["organisation", "-proposed_at"], name="service_order_by_organisation"),
            models.Index(fields=["region", "-proposed_at"], name="service_order_by_region"),
            models.Index(fields=["due_on", "id"], name="service_order_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ordered_by", "token"], condition=Q(token__isnull=False), name="service_ordered_once"
            ),
            models.CheckConstraint(condition=Q(price__gte=0, quantity__gte=1), name="service_order_has_a_price"),
            models.CheckConstraint(
                condition=Q(discount_percent=0)
                | (Q(discount_percent__gt=0, discount_percent__lte=100) & ~Q(discount_reason="")),
                name="service_discount_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered")
                | Q(
                    delivered_at__isnull=False,
                    delivered_on__isnull=False,
                    ordered_at__isnull=False,
                    deliverer__isnull=False,
                ),
                name="delivered_service_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False), name="cancelled_service_has_a_moment"
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.service}"

    def get_absolute_url(self):
        return reverse("services:view_order", args=[self.pk])

    @property
    def reference(self):
        """The number said on the phone."""
        return f"S-{self.pk:06d}"

    @property
    def full_price(self):
        """Before any discount."""
        return self.price * self.quantity

    @property
    def total(self):
        """What it amounts to without tax, to the cent."""
        if not self.discount_percent:
            return self.full_price
        return (self.full_price * (100 - self.discount_percent) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def total_with_vat(self):
        return with_vat(Decimal(self.total), self.vat)

    @property
    def is_open(self):
        return self.state in OPEN_ORDERS

    @property
    def is_late(self):
        return self.state in PROMISED and self.due_on < timezone.localdate()
