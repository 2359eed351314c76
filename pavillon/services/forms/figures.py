"""The filters of export flows."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.campaigns.queries.campaigns import campaigns_to_choose
from pavillon.reference.models import Country, Region
from pavillon.services.enums import FlowKind, ServiceKind
from pavillon.services.forms.orders import CREDITS, DATE
from pavillon.services.models import ExportFlow
from pavillon.services.queries.campaigns import credited_orders


class FlowFilter(django_filters.FilterSet):
    since = django_filters.DateFilter(
        field_name="attested_at__date", lookup_expr="gte", label=pgettext_lazy("day", "From"), widget=DATE
    )
    until = django_filters.DateFilter(
        field_name="attested_at__date", lookup_expr="lte", label=pgettext_lazy("day", "To"), widget=DATE
    )
    country = django_filters.ModelChoiceFilter(queryset=Country.objects.all(), label=_("Country"), empty_label=_("All"))
    kind = django_filters.ChoiceFilter(choices=FlowKind.choices, label=_("What"), empty_label=_("All"))
    service_kind = django_filters.ChoiceFilter(
        field_name="survey__order__service__kind", choices=ServiceKind.choices, label=_("Service"), empty_label=_("All")
    )
    region = django_filters.ModelChoiceFilter(
        field_name="survey__order__region", queryset=Region.objects.inhabited(), label=_("Region"), empty_label=_("All")
    )

    campaign = django_filters.ModelChoiceFilter(
        queryset=campaigns_to_choose, method="by_campaign", label=_("Campaign"), empty_label=_("All")
    )
    credit = django_filters.ChoiceFilter(choices=CREDITS, method="as_it_is", label=_("Credit"), empty_label=_("All"))

    class Meta:
        model = ExportFlow
        fields: list[str] = []

    @property
    def form(self):
        form = super().form
        if not (self.data and self.data.get("campaign")):
            # They narrow what a campaign touched: without one there is nothing to choose.
            for name in ("credit",):
                form.fields.pop(name, None)
        return form

    def by_campaign(self, rows, name, value):
        return rows.filter(survey__order__in=credited_orders(value, self.data.get("credit", "")))

    def as_it_is(self, rows, name, value):
        # It narrows the orders of a campaign (`by_campaign`); without one it says nothing.
        return rows
