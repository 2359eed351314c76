"""Thresholds of the classes, and whom a company is given to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.crm.models import ProfileSettings


class ProfileSettingsForm(forms.ModelForm):
    class Meta:
        model = ProfileSettings
        fields = [
            "inactive_months",
            "valuable_services",
            "high_value",
            "loyal_exchanges",
            "regular_percent",
            "regular_sales",
            "potential_score",
            "manual_minutes",
            "reason",
        ]


class TakeForm(forms.Form):
    """Oneself, or an adviser of one's organisation."""

    adviser = forms.ModelChoiceField(label=_("Referent"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.working().acting_in(organisation=user.organisation, role=Role.ADVISER)
        self.fields["adviser"].queryset = people.order_by("last_name", "first_name")
        self.fields["adviser"].initial = user.pk
