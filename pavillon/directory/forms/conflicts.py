"""Filters of the list of conflicts."""

import django_filters
from django.utils.translation import gettext_lazy as _

from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue, Source
from pavillon.directory.precedence import COMPANY_GROUPS, CONTACT_GROUPS
from pavillon.directory.queries.card import label_of
from pavillon.reference.models import Region


class ConflictFilter(django_filters.FilterSet):
    field = django_filters.ChoiceFilter(label=_("Field"), empty_label=_("All"))
    source = django_filters.ModelChoiceFilter(
        label=_("Source"), queryset=Source.objects.order_by("name"), empty_label=_("All")
    )
    region = django_filters.ModelChoiceFilter(
        field_name="company__region", label=_("Region"), queryset=Region.objects.inhabited(), empty_label=_("All")
    )

    class Meta:
        model = CompanyValue
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["field"].extra["choices"] = sorted(
            ((group, label_of(Company, group)) for group in COMPANY_GROUPS), key=lambda choice: choice[1]
        )


class ContactConflictFilter(django_filters.FilterSet):
    field = django_filters.ChoiceFilter(label=_("Field"), empty_label=_("All"))
    source = django_filters.ModelChoiceFilter(
        label=_("Source"), queryset=Source.objects.order_by("name"), empty_label=_("All")
    )

    class Meta:
        model = ContactValue
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["field"].extra["choices"] = sorted(
            ((group, label_of(Contact, group)) for group in CONTACT_GROUPS), key=lambda choice: choice[1]
        )
