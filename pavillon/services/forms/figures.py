"""The filters of export flows."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.reference.models import Country, Region
from pavillon.services.enums import FlowKind, ServiceKind
from pavillon.services.forms.orders import DATE
from pavillon.services.models import ExportFlow


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

    class Meta:
        model = ExportFlow
        fields: list[str] = []
