"""Rules, figures, capacities, absences."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation, User
from pavillon.crm.forms.leads import DATE
from pavillon.crm.models import Absence, Capacity, LeadSettings, RoutingRule
from pavillon.crm.queries.routing import HANDLING_ROLES


class RoutingRuleForm(forms.ModelForm):
    """A rule; a regional manager writes rules for his own region and organisation only."""

    class Meta:
        model = RoutingRule
        fields = [
            "name",
            "priority",
            "is_active",
            "region",
            "sector",
            "country",
            "kind",
            "origin",
            "export_class",
            "organisation",
            "adviser",
            "take_charge_hours",
        ]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        teams = Organisation.objects.visible_to(user).partners().working()
        handlers = User.objects.working().acting_in(role__in=HANDLING_ROLES)
        if user.region_id:
            self.fields["region"].queryset = self.fields["region"].queryset.filter(pk=user.region_id)
            self.fields["region"].required = True
            self.fields["region"].empty_label = None
            handlers = handlers.acting_in(organisation=user.organisation)
            teams = teams.filter(pk=user.organisation.pk)
        self.fields["organisation"].queryset = teams
        self.fields["adviser"].queryset = handlers
        self.fields["adviser"].empty_label = _("whoever has the lightest load")

    def clean(self):
        super().clean()
        data = self.cleaned_data
        adviser, team = data.get("adviser"), data.get("organisation")
        if adviser and team and not User.objects.filter(pk=adviser.pk).acting_in(
            organisation=team, role__in=HANDLING_ROLES
        ).exists():  # fmt: skip
            self.add_error(
                "adviser", _("%(adviser)s does not handle requests in %(team)s.") % {"adviser": adviser, "team": team}
            )
        return data


class LeadSettingsForm(forms.ModelForm):
    class Meta:
        model = LeadSettings
        fields = ["take_charge_hours", "opens_at", "closes_at", "capacity", "diagnosis_path"]
        widgets = {
            "opens_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("opens_at") and data.get("closes_at") and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", _("The team must close after it opens."))
        return data

    def clean_diagnosis_path(self):
        path = self.cleaned_data["diagnosis_path"]
        try:
            path.format(language="fr")
        except (KeyError, IndexError, ValueError) as error:
            raise forms.ValidationError(_("Only {language} may stand between braces.")) from error
        if not path.startswith("/") or path.startswith("//"):
            raise forms.ValidationError(_("Write an address of this site, beginning with one /."))
        return path


class CapacityForm(forms.ModelForm):
    class Meta:
        model = Capacity
        fields = ["open_leads"]
        help_texts = {"open_leads": _("Empty: the general figure.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["open_leads"].required = False


class AbsenceForm(forms.ModelForm):
    class Meta:
        model = Absence
        fields = ["person", "starts_on", "ends_on"]
        widgets = {"starts_on": DATE, "ends_on": DATE}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(user).working().acting_in(role__in=HANDLING_ROLES)
        if not user.has_role("team_manager"):
            people = people.filter(pk=user.pk)
        self.fields["person"].queryset = people
        self.fields["person"].initial = user.pk
        self.fields["person"].label = _("Person")

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day is before the first."))
        return data
