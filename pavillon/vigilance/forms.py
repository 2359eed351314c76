"""Limits, wishes, rules, exemptions, reasons."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation, User
from pavillon.vigilance.enums import Kind, State
from pavillon.vigilance.kinds import KINDS
from pavillon.vigilance.models import Extension, ReadingLimit, Rule

MOMENT = "%Y-%m-%dT%H:%M"
LONGEST_EXTENSION = timedelta(days=31)
LONGEST_EXEMPTION = timedelta(days=366)


def _moment(label, **more):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT], **more)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, min_length=10, widget=forms.Textarea(attrs={"rows": 3}))


class IncidentFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *State.choices], required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *Kind.choices], required=False)


class LimitForm(forms.ModelForm):
    class Meta:
        model = ReadingLimit
        fields = [
            "role", "organisation", "hourly_rows", "most_rows", "weekly_records", "habit_factor", "habit_floor",
            "reason",
        ]  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user).order_by("name")
        self.fields["organisation"].empty_label = _("Every organisation")
        self.fields["role"].choices = [("", _("Every role")), *self.fields["role"].choices[1:]]
        for name in ("hourly_rows", "most_rows", "weekly_records", "habit_factor"):
            self.fields[name].min_value = 1
            self.fields[name].widget.attrs["min"] = 1

    def clean(self):
        data = super().clean()
        hourly, most = data.get("hourly_rows"), data.get("most_rows")
        if hourly is not None and most is not None and most < hourly:
            self.add_error(
                "most_rows",
                _("%(most)s is below %(hourly)s: write as much or more.") % {"most": most, "hourly": hourly},
            )
        return data

    def validate_constraints(self):
        """A limit for the same scope ends when this one begins (`actions.change_limit`)."""


class AskForm(forms.ModelForm):
    class Meta:
        model = Extension
        fields = ["rows", "records", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    def clean(self):
        data = super().clean()
        if not data.get("rows") and not data.get("records"):
            self.add_error("rows", _("Write how many more rows or records you need."))
        return data


class GrantForm(forms.ModelForm):
    ends_at = _moment(_("until"))

    class Meta:
        model = Extension
        fields = ["rows", "records", "ends_at", "decision"]
        widgets = {"decision": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].required = True
        self.initial["ends_at"] = self.initial.get("ends_at") or timezone.localtime() + timedelta(hours=8)

    def clean_ends_at(self):
        ends_at = self.cleaned_data["ends_at"]
        if not timezone.now() < ends_at <= timezone.now() + LONGEST_EXTENSION:
            raise forms.ValidationError(_("Choose a moment from now on, at most 31 days ahead."))
        return ends_at


class DecisionForm(forms.Form):
    decision = forms.CharField(label=_("Why"), max_length=500, min_length=5, widget=forms.Textarea(attrs={"rows": 2}))


class KindForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, Kind(kind).label) for kind in KINDS])


class RuleForm(forms.ModelForm):
    """The figures of the rule's kind, one field each."""

    reason = forms.CharField(label=_("Why"), max_length=300, min_length=5)

    class Meta:
        model = Rule
        fields = ["response", "suspend_hours", "is_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        filled = self.instance.filled
        for each in self.instance.about.parameters:
            self.fields[each.name] = forms.IntegerField(
                label=each.label, min_value=each.least, max_value=each.most, initial=filled[each.name]
            )
        self.fields["suspend_hours"].min_value = 1
        names = [each.name for each in self.instance.about.parameters]
        self.order_fields([*names, "response", "suspend_hours", "is_on", "reason"])

    def clean_suspend_hours(self):
        hours = self.cleaned_data["suspend_hours"]
        if not 1 <= hours <= 8760:
            raise forms.ValidationError(_("Write from 1 to 8,760 hours (a year)."))
        return hours

    @property
    def said(self):
        """What `actions.change_rule` takes."""
        data = self.cleaned_data
        figures = {each.name: data[each.name] for each in self.instance.about.parameters}
        names = ("response", "suspend_hours", "is_on", "reason")
        return {"figures": figures} | {name: data[name] for name in names}


class RehearsalForm(forms.Form):
    """Other figures for a dry run than those that the rule has."""

    def __init__(self, *args, rule, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule, filled = rule, rule.filled
        for each in rule.about.parameters:
            self.fields[each.name] = forms.IntegerField(
                label=each.label, min_value=each.least, max_value=each.most, initial=filled[each.name]
            )


class ExemptionForm(forms.Form):
    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    rule = forms.ModelChoiceField(
        label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("All of them, and the budgets")
    )
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=500, min_length=10, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        # Nobody exempts himself.
        self.fields["user"].queryset = User.objects.visible_to(by).working().exclude(pk=by.pk)
        self.fields["rule"].queryset = Rule.objects.visible_to(by)
        self.initial.setdefault("starts_at", timezone.localtime())

    def clean(self):
        data = super().clean()
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and not starts_at < ends_at <= starts_at + LONGEST_EXEMPTION:
            self.add_error("ends_at", _("Choose an end after the beginning, at most a year later."))
        return data
