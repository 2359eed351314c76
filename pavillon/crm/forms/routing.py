"""Rules, figures, capacities, absences."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.models import Organisation, User
from pavillon.crm.enums import Criterion, Destination
from pavillon.crm.forms.leads import DATE
from pavillon.crm.models import Absence, Capacity, LeadSettings, RoutingRule, RuleValue
from pavillon.crm.models.routing_rules import FINDS_ITSELF, WORDS
from pavillon.crm.queries.routing import HANDLING_ROLES
from pavillon.reference.models import Department, Region


class StartDraftForm(forms.Form):
    """Whose rules are prepared anew; a regional manager's are those of his region."""

    region = forms.ModelChoiceField(
        Region.objects.inhabited(),
        required=False,
        label=_("Rules of"),
        empty_label=pgettext_lazy("rules of", "the whole country"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if user.region_id:
            field = self.fields["region"]
            field.queryset = Region.objects.filter(pk=user.region_id)
            field.required, field.empty_label, field.initial = True, None, user.region_id


class ActivateDraftForm(forms.Form):
    note = forms.CharField(
        max_length=200, label=_("What changes"), help_text=_("Read by whoever wonders later why requests go elsewhere.")
    )


class RoutingRuleForm(forms.ModelForm):
    """A rule of a draft; a region's draft speaks of its region only, its manager of his organisation only."""

    class Meta:
        model = RoutingRule
        fields = [
            "name",
            "priority",
            "before_referent",
            "is_last_resort",
            "goes_to",
            "organisation",
            "adviser",
            "office",
            "load_below",
            "take_charge_hours",
            "is_active",
        ]

    def __init__(self, *args, user, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.version = version
        self._ask_for_values(version)
        teams = Organisation.objects.visible_to(user).partners().working()
        handlers = User.objects.working().acting_in(role__in=HANDLING_ROLES)
        if user.region_id:
            handlers = handlers.acting_in(organisation=user.organisation)
            teams = teams.filter(pk=user.organisation.pk)
        self.fields["organisation"].queryset = teams
        self.fields["adviser"].queryset = handlers
        field = self.fields["goes_to"]
        field.choices = [choice for choice in Destination.choices if choice[0] != Destination.HOME]
        if self.instance.is_always_there:
            self.fields = {name: self.fields[name] for name in ("name", "take_charge_hours")}
        if self.instance.pk is None:
            last = version.rules.filter(is_last_resort=False).order_by("-priority").first()
            self.fields["priority"].initial = last.priority + 10 if last else 10

    def _ask_for_values(self, version):
        """Several values for each criterion, after the name and the order; of a region's rules its own places."""
        for criterion in Criterion:
            field = self.fields[criterion.value] = _values_field(criterion)
            refused_keys = self.instance.asked.get(criterion)
            if refused_keys:
                field.initial = sorted(refused_keys[1])
        self.fields["refused"] = forms.MultipleChoiceField(
            label=_("Other than these"),
            choices=Criterion.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=[criterion for criterion, (is_refused, _keys) in self.instance.asked.items() if is_refused],
            help_text=_("For what is ticked, the rule applies to requests with none of the values chosen above."),
        )
        self.order_fields(["name", "priority", *Criterion.values, "refused"])
        if version.region_id:
            field = self.fields["region"]
            field.queryset = field.queryset.filter(pk=version.region_id)
            field.required, field.initial = True, [version.region_id]
            self.fields["department"].queryset = Department.objects.filter(region=version.region_id)

    @property
    def told(self):
        """The form as the actions read it."""
        data = dict(self.cleaned_data)
        refused = data.pop("refused", [])
        wanted = {criterion: data.pop(criterion) for criterion in Criterion.values if criterion in data}
        if self.instance.is_always_there:
            return data
        return {**data, "wanted": wanted, "refused": refused}

    def clean(self):
        super().clean()
        data = self.cleaned_data
        goes_to, adviser, team = data.get("goes_to"), data.get("adviser"), data.get("organisation")
        if self.instance.is_always_there:
            return data
        self._check_stage(data)
        if goes_to in FINDS_ITSELF:
            data["organisation"] = data["adviser"] = data["office"] = None
        elif team is None:
            self.add_error("organisation", _("Say which organisation handles these requests."))
        if goes_to != Destination.PERSON:
            data["adviser"] = None
        elif adviser is None:
            self.add_error("adviser", _("Say which person handles these requests."))
        elif team and not User.objects.filter(pk=adviser.pk).acting_in(
            organisation=team, role__in=HANDLING_ROLES
        ).exists():  # fmt: skip
            self.add_error(
                "adviser", _("%(adviser)s does not handle requests in %(team)s.") % {"adviser": adviser, "team": team}
            )
        if goes_to != Destination.TEAM:
            data["office"] = None
        self._check_office(team, data.get("office"))
        self._check_values(data)
        return data

    def _check_stage(self, data):
        if data.get("before_referent") and data.get("is_last_resort"):
            self.add_error("is_last_resort", _("A rule is tried before the referent or as a last resort, not both."))

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = self.instance.version.rules.exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("Another rule of this version has this name."))
        return name

    def _check_office(self, team, office):
        if not team or not office:
            return
        people = User.objects.working().acting_in(organisation=team, role__in=HANDLING_ROLES)
        if not people.filter(office=office).exists():
            told = _("Nobody of %(team)s who handles requests works at %(office)s.")
            self.add_error("office", told % {"team": team, "office": office})

    def _check_values(self, data):
        """What is turned round has values, a region's rules speak of it, departments lie in the regions asked for."""
        refused = data.get("refused") or []
        for criterion in refused:
            if not data.get(criterion):
                told = _("“%(name)s” is ticked under “other than these”: choose the values that it must not have.")
                self.add_error(criterion, told % {"name": Criterion(criterion).label})
        if self.instance.version.region_id and Criterion.REGION in refused:
            self.add_error("refused", _("The rules of a region are for its own requests: leave the region unticked."))
        regions = {region.pk for region in data.get("region") or ()}
        if not regions or {Criterion.REGION, Criterion.DEPARTMENT} & set(refused):
            return
        for department in data.get("department") or ():
            if department.region_id not in regions:
                told = _("%(department)s lies in none of the regions chosen.")
                self.add_error("department", told % {"department": department})


def _values_field(criterion):
    if criterion in WORDS:
        choices = WORDS[criterion].choices
        return forms.MultipleChoiceField(
            label=criterion.label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    rows = RuleValue._meta.get_field(criterion.value).related_model.objects.all()
    return forms.ModelMultipleChoiceField(
        rows, label=criterion.label, required=False, widget=forms.SelectMultiple({"size": 5})
    )


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


class GiveOnForm(forms.Form):
    """To whom a manager gives what somebody leaves."""

    adviser = forms.ModelChoiceField(label=_("Give to"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.working().acting_in(organisation=user.organisation, role__in=HANDLING_ROLES)
        self.fields["adviser"].queryset = people.order_by("last_name", "first_name")
