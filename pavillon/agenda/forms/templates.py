"""The grid of a typical week, and the end of a day."""

import itertools

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import Activity, Half, Who, Why
from pavillon.agenda.forms.entries import DATE, TIME
from pavillon.agenda.models import Entry, WeeklyTemplate


class ChangeTemplateForm(forms.ModelForm):
    """Hours and shares of the typical week; its boxes are read from the post by `chosen_cells`."""

    class Meta:
        model = WeeklyTemplate
        fields = ["morning_from", "morning_until", "afternoon_from", "afternoon_until", "buffer", "one_to_ones"]
        widgets = dict.fromkeys(["morning_from", "morning_until", "afternoon_from", "afternoon_until"], TIME)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        names = ["morning_from", "morning_until", "afternoon_from", "afternoon_until"]
        for before, after in itertools.pairwise(names):
            a, b = data.get(before), data.get(after)
            if a and b and (b < a or (b == a and after != "afternoon_from")):
                self.add_error(
                    after, _("%(end)s is not after %(start)s.") % {"end": f"{b:%H:%M}", "start": f"{a:%H:%M}"}
                )
        return data

    def chosen_cells(self):
        """The ticked boxes: {(activity, weekday, half), …}."""
        return {
            (activity, day, half)
            for activity in Activity
            for day in range(5)
            for half in Half
            if f"{activity}-{day}-{half}" in self.data
        }

    def _get_validation_exclusions(self):
        # Its owner is not asked here: the constraint on it is the action's.
        known = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*known, "person", "organisation"}


class PlanDayForm(forms.Form):
    """What was done today, what is put off to the next working day, and what comes first then."""

    done = forms.ModelMultipleChoiceField(Entry.objects.none(), required=False)
    moved = forms.ModelMultipleChoiceField(Entry.objects.none(), required=False)
    first_things = forms.CharField(
        label=_("What comes first"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, lines, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Entry.objects.visible_to(user).filter(pk__in=[line.pk for line in lines])
        self.fields["done"].queryset = self.fields["moved"].queryset = rows


class EndInterruptionForm(forms.Form):
    """Who it was and why: two fields, or one button that says both (`what`, "colleague-question")."""

    who = forms.ChoiceField(label=_("Who"), choices=Who.choices, widget=forms.RadioSelect)
    why = forms.ChoiceField(label=_("Why"), choices=Why.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name (if you wish)"), max_length=100, required=False)

    def __init__(self, data=None, *args, **kwargs):
        if data is not None and "what" in data:
            who, _sep, why = data["what"].partition("-")
            data = {**data.dict(), "who": who, "why": why}
        super().__init__(data, *args, **kwargs)


class LogInterruptionForm(EndInterruptionForm):
    """One that is over."""

    minutes = forms.IntegerField(label=_("How long (minutes)"), min_value=1, max_value=480, initial=5)


class PeriodForm(forms.Form):
    """Two days, both included."""

    since = forms.DateField(label=_("From"), widget=DATE)
    until = forms.DateField(label=_("Until"), widget=DATE)
