"""The sheet of a service, the filters of the catalogue, the figures of surveys."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation
from pavillon.services.enums import ServiceKind
from pavillon.services.models import Service, SurveySettings


class ServiceFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=ServiceKind.choices, label=_("Kind"), empty_label=_("All"))
    provider = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.filter(services__isnull=False).distinct(),
        label=_("Provider"),
        empty_label=_("All"),
    )
    offered = django_filters.ChoiceFilter(
        field_name="is_active",
        choices=[("yes", _("Offered")), ("no", _("Retired"))],
        method="by_offer",
        label=_("Offered"),
        empty_label=_("All"),
    )

    class Meta:
        model = Service
        fields: list[str] = []

    def by_offer(self, rows, name, value):
        return rows.filter(is_active=value == "yes")


class ServiceForm(forms.ModelForm):
    """Organisations of the team alone provide; who keeps one organisation's services keeps no other's (`own`)."""

    class Meta:
        model = Service
        fields = [
            "name_fr", "name_en", "kind", "provider", "price", "unit", "currency", "vat", "delivery_days", "about_fr",
            "about_en",
        ]  # fmt: skip
        widgets = {"about_fr": forms.Textarea({"rows": 3}), "about_en": forms.Textarea({"rows": 3})}

    def __init__(self, *args, own=None, **kwargs):
        super().__init__(*args, **kwargs)
        partners = Organisation.objects.partners().order_by("name")
        field = self.fields["provider"]
        field.queryset = partners.filter(pk=own.pk) if own else partners
        if own:
            field.initial, field.empty_label = own.pk, None

    def validate_unique(self):
        """The action says it in words: two may save at once."""


class SurveySettingsForm(forms.ModelForm):
    class Meta:
        model = SurveySettings
        fields = ["reminder_days", "impact_days", "open_days", "low_score"]
