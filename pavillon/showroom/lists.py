"""Filters and columns of the room's lists."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.reference.models import Country, Region, Vertical
from pavillon.showroom.enums import EnquiryKind, EnquiryState, ProductKind, ProductState, ShopState
from pavillon.showroom.models import Enquiry, Product, Shop
from pavillon.ui.exports import Column


class ProductFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search")
    state = django_filters.ChoiceFilter(label=_("State"), choices=ProductState.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ProductKind.choices)
    vertical = django_filters.ModelChoiceFilter(label=_("Vertical"), queryset=Vertical.objects.all())

    class Meta:
        model = Product
        fields = ["q", "state", "kind", "vertical"]

    def search(self, rows, name, value):
        return rows.filter(Q(name_en__icontains=value) | Q(name_fr__icontains=value))


class ShopFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Company"), field_name="company__name", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("Step"), choices=ShopState.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), field_name="company__region", queryset=Region.objects.inhabited()
    )

    class Meta:
        model = Shop
        fields = ["q", "state", "region"]


class EnquiryFilter(django_filters.FilterSet):
    """The seller's inbox."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=EnquiryState.choices)
    kind = django_filters.ChoiceFilter(label=_("Type"), choices=EnquiryKind.choices)

    class Meta:
        model = Enquiry
        fields = ["state", "kind"]


class MonitoringFilter(django_filters.FilterSet):
    """The team's list: no filter reads the buyer's words."""

    q = django_filters.CharFilter(label=_("Company"), field_name="shop__company__name", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[*EnquiryState.choices, ("escalated", _("with managers"))], method="at_state"
    )
    kind = django_filters.ChoiceFilter(label=_("Type"), choices=EnquiryKind.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), field_name="shop__company__region", queryset=Region.objects.inhabited()
    )
    country = django_filters.ModelChoiceFilter(label=_("Country"), queryset=Country.objects.all())

    class Meta:
        model = Enquiry
        fields = ["q", "state", "kind", "region", "country"]

    def at_state(self, rows, name, value):
        return rows.escalated() if value == "escalated" else rows.filter(state=value)


MONITORING_COLUMNS = [
    Column(_("Reference"), lambda e: e.reference),
    Column(_("Company"), lambda e: e.shop.company.name),
    Column(_("Region"), lambda e: str(e.shop.company.region or "")),
    Column(_("Country"), lambda e: e.country.name),
    Column(_("Type"), lambda e: e.get_kind_display()),
    Column(_("State"), lambda e: e.get_state_display()),
    Column(_("Sent"), lambda e: e.sent_at),
    Column(_("Passed up on"), lambda e: e.escalated_at),
    Column(_("First answer"), lambda e: e.first_answered_at),
    Column(_("Response time (minutes)"), lambda e: e.response_minutes, "response_minutes"),
    Column(_("Next step"), lambda e: e.next_step, "next_step"),
    Column(_("On"), lambda e: e.next_step_on, "next_step"),
]
