"""Filters of the room's lists."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.reference.models import Region
from pavillon.solutions.models import AccountOpening


class AccountFilter(django_filters.FilterSet):
    """Accounts of companies, for the team."""

    q = django_filters.CharFilter(label=_("Company"), field_name="company__name", lookup_expr="icontains")
    region = django_filters.ModelChoiceFilter(
        label=_("Region"),
        field_name="company__region",
        queryset=Region.objects.inhabited(),
        empty_label=_("All regions"),
    )
    waiting = django_filters.BooleanFilter(
        label=_("Somebody waits to be confirmed"),
        field_name="waiting",
        widget=forms.Select(choices=[("", _("Either")), ("true", _("Yes")), ("false", _("No"))]),
    )

    class Meta:
        model = AccountOpening
        fields = ["q", "region", "waiting"]
