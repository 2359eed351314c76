"""The plan of a campaign, its costs, the filters of the list."""

import datetime

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.models import Organisation
from pavillon.campaigns.enums import Attribution, Channel, Phase
from pavillon.campaigns.models import Campaign, CampaignCost, CampaignSettings
from pavillon.core.policy import bind_form
from pavillon.reference.enums import Currency
from pavillon.reference.models import Region

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
# Beyond, a day before or after is no day any more, and nobody asks for it.
DAYS = [MinValueValidator(datetime.date(1950, 1, 1)), MaxValueValidator(datetime.date(2150, 1, 1))]


def _leaders(request):
    """The organisations that lead a campaign which the reader sees."""
    seen = Campaign.objects.visible_to(request.user) if request else Campaign.objects.none()
    return Organisation.objects.filter(pk__in=seen.order_by().values("organisation"))


class CampaignFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or code"))
    phase = django_filters.ChoiceFilter(
        choices=Phase.choices, method="at_phase", label=pgettext_lazy("campaign", "Step"), empty_label=_("All")
    )
    channel = django_filters.ChoiceFilter(
        choices=Channel.choices, method="on_channel", label=_("Channel"), empty_label=_("All")
    )
    organisation = django_filters.ModelChoiceFilter(
        queryset=_leaders,
        label=_("Organisation"),
        empty_label=_("All"),
    )
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.inhabited(), label=_("Region"), empty_label=_("All")
    )
    currency = django_filters.ChoiceFilter(
        choices=Currency.choices, label=pgettext_lazy("money", "Currency"), empty_label=_("All")
    )
    since = django_filters.DateFilter(
        field_name="ends_on", lookup_expr="gte", label=pgettext_lazy("day", "From"), widget=DATE
    )
    until = django_filters.DateFilter(
        field_name="starts_on", lookup_expr="lte", label=pgettext_lazy("day", "To"), widget=DATE
    )
    attribution = django_filters.ChoiceFilter(
        choices=Attribution.choices[1:], method="as_it_is", label=_("Credit"), empty_label=Attribution.COMBINED.label
    )

    class Meta:
        model = Campaign
        fields: list[str] = []

    def search(self, rows, name, value):
        return rows.filter(Q(name__unaccent__icontains=value) | Q(code__icontains=value))

    def at_phase(self, rows, name, value):
        return rows.at(value)

    def on_channel(self, rows, name, value):
        of_it = CampaignCost.objects.filter(channel=value).values("campaign")
        return rows.filter(pk__in=of_it)

    def as_it_is(self, rows, name, value):
        # It changes the figures, not the rows.
        return rows

    @property
    def chosen(self):
        asked = self.data.get("attribution", "") if self.data else ""
        return asked if asked in Attribution.values else Attribution.COMBINED.value


class CampaignForm(forms.ModelForm):
    """Who plans for one organisation names no other (`own`)."""

    starts_on = forms.DateField(label=pgettext_lazy("day", "From"), widget=DATE, validators=DAYS)
    ends_on = forms.DateField(label=pgettext_lazy("day", "To"), widget=DATE, validators=DAYS)

    class Meta:
        model = Campaign
        fields = ["name", "code", "aim", "organisation", "region", "is_shared", "starts_on", "ends_on", "currency"]
        widgets = {"aim": forms.Textarea({"rows": 3})}

    def __init__(self, *args, user, own=None, **kwargs):
        super().__init__(*args, **kwargs)
        partners = Organisation.objects.partners().order_by("name")
        field = self.fields["organisation"]
        field.queryset = partners.filter(pk=own.pk) if own else partners
        if own:
            field.initial, field.empty_label = own.pk, None
            self.fields["region"].initial = own.region_id
        self.fields["region"].queryset = Region.objects.inhabited()
        self.fields["code"].required = False
        self.fields["code"].help_text = _("What links of the web say of themselves. Empty: made from the name.")
        is_new = self.instance.pk is None
        bind_form(self, user, Campaign, row=None if is_new else self.instance, is_new=is_new)

    def clean_code(self):
        return self.cleaned_data["code"].upper()

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The end lies before the beginning."))
        return data

    def validate_unique(self):
        """The action says it in words: two may save at once, and one may not see the other's."""


class CampaignCostForm(forms.ModelForm):
    class Meta:
        model = CampaignCost
        fields = ["channel", "label", "planned", "spent"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        stored = self.instance.spent
        bind_form(self, user, CampaignCost, row=None if is_new else self.instance, is_new=is_new)
        self._kept = {} if "spent" in self.fields else {"spent": stored}

    @property
    def told(self):
        """What the action wants: an amount that one may not read stays as it is."""
        return {**self._kept, **self.cleaned_data}


class CampaignSettingsForm(forms.ModelForm):
    class Meta:
        model = CampaignSettings
        fields = ["window_days"]
