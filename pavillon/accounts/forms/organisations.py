"""Forms about organisations, one-stop shops and correspondents."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import PARTNER_KINDS, Kind, Level
from pavillon.accounts.models import Organisation
from pavillon.reference.models import Country, Region
from pavillon.ui.words import day as day_in_words


class OrganisationForm(forms.Form):
    """A partner of the team."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Type"), choices=[(k.value, k.label) for k in Kind if k in PARTNER_KINDS])
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.none(), required=False, help_text=_("For a regional organisation.")
    )
    country = forms.ModelChoiceField(label=_("Country"), queryset=Country.objects.none())

    def __init__(self, *args, organisation=None, **kwargs):
        initial = {"country": "FR", "level": Level.REGIONAL}
        if organisation:
            initial = {
                "name": organisation.name,
                "level": organisation.level,
                "region": organisation.region_id,
                "country": organisation.country_id,
                "is_active": organisation.is_active,
            }
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["region"].queryset = Region.objects.inhabited()
        self.fields["country"].queryset = Country.objects.all()
        if organisation:
            del self.fields["kind"]
            self.fields["is_active"] = forms.BooleanField(
                label=_("Works with the team"), required=False,
                help_text=_("Switched off, nobody can act for it any more; its history stays."),
            )  # fmt: skip
            if not organisation.is_partner:
                self.fields["level"].required = self.fields["country"].required = False
                self.fields["level"].choices = [("", "—"), *Level.choices]

    def clean(self):
        data = super().clean() or {}
        if data.get("level") == Level.REGIONAL and not data.get("region"):
            self.add_error("region", _("Say which region: a regional organisation works for one."))
        return data


class ShopForm(forms.Form):
    """Who sits in the one-stop shop of a region, and how to reach it."""

    organisations = forms.ModelMultipleChoiceField(
        label=_("Organisations"), queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    email = forms.EmailField(label=_("Shared e-mail"), required=False)
    phone = forms.CharField(label=_("Shared phone"), max_length=24, required=False)

    def __init__(self, *args, region, shop=None, seated=(), **kwargs):
        initial = {"organisations": [organisation.pk for organisation in seated]}
        if shop:
            initial |= {"address": shop.address, "email": shop.email, "phone": shop.phone}
        super().__init__(*args, **{"initial": initial, **kwargs})
        partners = (
            Organisation.objects.partners()
            .working()
            .filter(kind__in=[Kind.AGENCY, Kind.BANK, Kind.CHAMBER, Kind.REGION])
        )
        self.fields["organisations"].queryset = partners.filter(region=region) | partners.filter(region=None)


class CorrespondentForm(forms.Form):
    """A mandate for a foreign country."""

    country = forms.ModelChoiceField(label=_("Country"), queryset=Country.objects.none())
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        help_text=_("The agency or a private partner abroad."),
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=timezone.localdate
    )
    ends_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.exclude(code="FR")
        self.fields["organisation"].queryset = Organisation.objects.working().filter(
            kind__in=[Kind.AGENCY, Kind.PARTNER]
        )

    def clean(self):
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The mandate would end before it begins."))
        return data


class EndCorrespondentForm(forms.Form):
    """The last day of a mandate."""

    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def __init__(self, *args, correspondent, **kwargs):
        super().__init__(*args, **kwargs)
        self.correspondent = correspondent

    def clean_last_day(self):
        if self.cleaned_data["last_day"] < self.correspondent.starts_on:
            raise forms.ValidationError(
                _("This is before the first day of the mandate (%(day)s).")
                % {"day": day_in_words(self.correspondent.starts_on)}
            )
        return self.cleaned_data["last_day"]
